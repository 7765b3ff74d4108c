/**
 * For a browser: the texts of a page whose contrast to what is behind them is under 4.5 (WCAG 2.2, 1.4.3). As text, because suites are
 * compiled for Node, which has no document.
 */
export const faintTexts = `(() => {
  const channels = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = (color) => {
    const [red, green, blue] = channels(color).map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) => {
    const { backgroundColor } = getComputedStyle(element);
    return channels(backgroundColor)[3] === 0 ? behind(element.parentElement) : backgroundColor;
  };
  const ratio = (element, pseudo) => {
    const [dark, light] = [getComputedStyle(element, pseudo).color, behind(element)].map(luminance).toSorted((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const texts = [...document.body.querySelectorAll('*')].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''),
  );
  if (texts.length === 0) return ['no text at all'];
  return texts.filter((element) => ratio(element) < 4.5 || ratio(element, '::before') < 4.5).map((element) => element.outerHTML);
})()`;

/** For a browser: by how many pixels a page is wider than its window. */
export const overhang = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
