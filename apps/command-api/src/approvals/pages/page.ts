import { pageOf, type Html, type HtmlPage } from '@scheduled-scripts/platform';
import { style } from './style.js';

/** A page around `content`. Its address is a secret: nobody keeps it, no index has it. */
export const approvalsPage = (title: string, content: Html): HtmlPage => {
  const page = pageOf({ title, content, style, formAction: "'self'" });
  return { ...page, headers: { ...page.headers, 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow' } };
};
