import { hash } from 'node:crypto';
import type { HtmlPage } from '@scheduled-scripts/platform';
import { html, type Html } from './html.js';
import { style } from './style.js';

const styleHash = hash('sha256', style, 'base64');

/** Nothing from elsewhere, no program, no frame around it, and the address, which is a secret, goes to nobody. */
const headers = {
  'Content-Security-Policy': [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'X-Robots-Tag': 'noindex, nofollow',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** A whole page around `content`. */
export const pageOf = (title: string, content: Html): HtmlPage => ({
  headers,
  html: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${html`<title>${title}</title>`.markup}
<style>${style}</style>
</head>
<body>
${content.markup}
</body>
</html>
`,
});
