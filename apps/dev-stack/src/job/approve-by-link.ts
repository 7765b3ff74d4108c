import { setTimeout as pause } from 'node:timers/promises';

/** What became of it, as the page says. */
export interface ApprovalPage {
  readonly status: number;
  readonly title: string;
}

const titleOf = (page: string): string => /<h1>(.*?)<\/h1>/.exec(page)?.[1] ?? '';

const patienceMillis = 60_000;

const ask = async (link: string, method: 'GET' | 'POST'): Promise<ApprovalPage & { readonly page: string }> => {
  // As a browser sends a form without fields.
  const form = method === 'POST' ? { body: '', headers: { 'content-type': 'application/x-www-form-urlencoded' } } : {};
  for (const deadline = Date.now() + patienceMillis; ; await pause(500)) {
    const answer = await fetch(link, { method, signal: AbortSignal.timeout(15_000), ...form });
    const page = await answer.text();
    const title = titleOf(page);
    if (answer.status < 500) return { status: answer.status, title, page };
    // As the page says: nothing was lost, and whoever loads it again is told what is so.
    if (answer.status !== 503 || Date.now() > deadline) throw new Error(`${method} of the page of approval: ${answer.status} ${title}`);
  }
};

/** Opens the link of a mail, reads what is to be approved, and presses the button. */
export const approveByLink = async (link: string, script: string): Promise<ApprovalPage> => {
  const opened = await ask(link, 'GET');
  if (opened.status !== 200) return opened;
  const shown = script.split('\n', 1)[0] ?? '';
  if (!opened.page.includes(shown) || !opened.page.includes('<button'))
    throw new Error('the page of approval does not show the script, or has no button');
  const decided = await ask(link, 'POST');
  // Sent again after a 503, the first one may have arrived.
  return decided.title === 'It is approved already' ? { ...decided, status: 200 } : decided;
};
