import type { Conversation } from './conversation.arbitraries.js';
import { partsOf } from './converse.js';
import type { Scene } from './scene.js';
import { printed, rawBytes } from './wire-text.js';

const manners = ({ manner, closes, requests }: Conversation): string => {
  switch (manner.kind) {
    case 'whole':
      return `${requests.length} request(s) at once${manner.cuts.length > 0 ? `, in ${manner.cuts.length + 1} pieces` : ''}${closes ? ', then closed' : ''}`;
    case 'drip':
      return 'byte by byte';
    case 'half':
      return `the first ${Math.round(manner.share * 100)} % of the last request, then ${manner.next}`;
    case 'endless':
      return 'followed by chunks of 4 KiB without end';
    default:
      return manner satisfies never;
  }
};

const utf8 = new TextDecoder('utf-8', { fatal: true });

const textOf = (bytes: Buffer): string => {
  try {
    return printed(utf8.decode(bytes));
  } catch {
    return printed(rawBytes(bytes));
  }
};

/** What went wrong, how to have it again, and what was sent, as `printf '%b'` takes it. */
export const reproduction = (words: string, again: string, conversation: Conversation, scene: Scene): string => {
  const { tokens } = scene.stack.connection;
  const sent = partsOf(conversation, scene).map(textOf).join('');
  const readable = Object.entries(tokens).reduce((text, [name, token]) => text.replaceAll(token, `$${name}`), sent);
  return [
    words,
    `  again:  ${again} npm run jest -- --selectProjects dev-stack --testPathPatterns fuzz`,
    `  to:     ${conversation.via}, ${manners(conversation)}`,
    `  printf '%b' '${readable.length > 2_500 ? `${readable.slice(0, 2_500)}…` : readable.replaceAll("'", String.raw`\x27`)}' | nc 127.0.0.1 PORT`,
  ].join('\n');
};
