import { maximumSummaryCharacters, SummaryUnavailable } from '../summary-writer.js';

/** What a paragraph of plain text does not have. */
const markup = [/`|\*\*|__/, /^\s*(?:[-*+•>|#]|\d{1,3}[.)])/m, /\]\s*\(/, /<\/?[a-z!]/i, /\b(?:https?|ftp|mailto|javascript|data):|www\./i];
const unprintable = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/u;
/** Approvers decide; a text that a script may have talked into it does not. */
const judgement = /\b(?:safe|safely|harmless|approve|approved|approval)\b/i;
const englishWords = /\b(?:the|a|an|and|to|of|from|on|in|it|this|that|with|for|then|all)\b/gi;
const sentenceEnd = /[.!?]["')]?(?=\s|$)/g;

const looksEnglish = (text: string): boolean => {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/[a-z]/gi)?.length ?? 0;
  const words = text.match(/\p{L}+/gu)?.length ?? 0;
  return words >= 3 && latin >= letters * 0.9 && (text.match(englishWords)?.length ?? 0) * 12 >= words;
};

/** The beginning that ends with a sentence; `null` where none ends. */
const wholeSentences = (text: string, limit: number): string | null => {
  let end = 0;
  for (const { index, 0: mark } of text.matchAll(sentenceEnd)) if (index + mark.length <= limit) end = index + mark.length;
  return end === 0 ? null : text.slice(0, end);
};

export interface Answer {
  readonly text: string;
  /** The model stopped in the middle. */
  readonly isBroken: boolean;
  /** Must not come back: then it is the script that speaks, or our own words. */
  readonly fence: string;
}

const fit = ({ text, isBroken, fence }: Answer, limit: number): string | null => {
  // Far more than was asked for is no paragraph, whatever it is; and it is not looked at for long.
  if (text.length > 8 * maximumSummaryCharacters) return null;
  const line = text.trim().replace(/ *\r?\n(?!\s*\n) */g, '\n');
  if (markup.some((pattern) => pattern.test(line)) || line.includes(fence)) return null;
  const paragraph = line.includes('\n\n') ? '\n' : line.replaceAll('\n', ' ');
  if (unprintable.test(paragraph) || judgement.test(paragraph) || !looksEnglish(paragraph)) return null;
  const isWhole = !isBroken && paragraph.length < limit;
  if (isWhole && !/[.!?]["')]?$/.test(paragraph)) return `${paragraph}.`;
  return isWhole ? paragraph : wholeSentences(paragraph, limit);
};

/** The summary in what a model has said. Throws `SummaryUnavailable` when it is not one short paragraph of plain English. */
export const summaryIn = (answer: Answer, limit = maximumSummaryCharacters): string => {
  const summary = fit(answer, limit);
  if (summary === null) throw new SummaryUnavailable('unfit_answer');
  return summary;
};
