import { hash } from 'node:crypto';
import { html, type Html } from './html.js';
import { pageStyle } from './page-style.js';

/** What a browser is sent. */
export interface HtmlPage {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface PageParts {
  readonly title: string;
  readonly content: Html;
  /** Beside the style of every page. */
  readonly style: string;
  /** Where its forms may be sent; unless told it has none. */
  readonly formAction?: "'self'" | "'none'";
}

/**
 * A whole page that is complete by itself, and headers that hold it to that: nothing from elsewhere, no program, no style but its own, no
 * frame around it, and its address goes to nobody.
 */
export function pageOf({ title, content, style, formAction = "'none'" }: PageParts): HtmlPage {
  const styles = `${pageStyle}${style}`;
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${hash('sha256', styles, 'base64')}'`,
    `form-action ${formAction}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return {
    headers: {
      'Content-Security-Policy': policy.join('; '),
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
    },
    html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${html`<title>${title}</title>`.markup}
<style>${styles}</style>
</head>
<body>
${content.markup}
</body>
</html>
`,
  };
}
