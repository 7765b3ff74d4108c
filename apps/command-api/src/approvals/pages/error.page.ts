import type { ErrorPageOf } from '@scheduled-scripts/platform';
import { messagePage } from './refusal.page.js';

const tryAgain = 'Nothing was lost. Wait a moment, and load this page again.';

/** What went wrong on the way to a decision. Nothing was decided by it, as far as we can tell. */
export const errorPage: ErrorPageOf = ({ status }, requestId) => {
  const about = `Request ${requestId}`;
  if (status === 429)
    return messagePage({ title: 'Too many requests', what: 'Too many requests came from your address.', next: tryAgain }, about);
  if (status === 503) {
    const what = 'That cannot be done right now. If you have just approved, the page will say so then.';
    return messagePage({ title: 'Not available just now', what, next: tryAgain }, about);
  }
  if (status < 500) {
    const what = 'The browser has sent something that does not belong here.';
    return messagePage({ title: 'That was not understood', what, next: 'Open the link in the mail again.' }, about);
  }
  const what = 'Something went wrong on our side.';
  return messagePage(
    { title: 'That did not work', what, next: 'Load this page again. If that does not help, tell those who run this service.' },
    about,
  );
};
