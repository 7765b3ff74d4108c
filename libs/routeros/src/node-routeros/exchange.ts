import type { Connector } from 'node-routeros';
import { costOf } from '../sentence/sentence.parser.js';
import { ProtocolViolation } from '../sentence/word-length.js';
import { RouterRefused, type Reply, type Sentence } from '../router-session.js';

export interface ExchangeOptions {
  readonly maxReplyBytes: number;
  /** For the login: there a router may hang up right after the trap, without the `!done` that belongs to it. */
  readonly endsWithTrap?: boolean;
}

let exchanges = 0;

/** `=name=value`, where the value may hold anything; other words carry nothing that we use. */
function attributesOf(words: readonly string[]): Sentence {
  const attributes = words.filter((word) => word.startsWith('='));
  return Object.fromEntries(
    attributes.map((word) => {
      const equals = word.indexOf('=', 1);
      return equals < 0 ? [word.slice(1), ''] : [word.slice(1, equals), word.slice(equals + 1)];
    }),
  );
}

function refusal(traps: readonly Sentence[]): RouterRefused {
  const messages = traps.map((trap) => trap.message ?? 'no reason given');
  const category = traps.map((trap) => trap.category).find((given) => given !== undefined);
  return new RouterRefused(
    messages.join('; ').slice(0, 4000),
    category !== undefined && /^[0-7]$/.test(category) ? Number(category) : null,
  );
}

export interface Outcome {
  resolve(reply: Reply): void;
  reject(refusal: RouterRefused): void;
}

/**
 * Sends one sentence under a tag of its own and gathers what comes back under that tag. The outcome is told at once, within the
 * event that completes it, so that it counts before whatever is wrong behind it; without a last word of the router it is never told.
 * Not node-routeros' own channel, which drops the category and every trap but the first and cannot tell `!done` from a row.
 */
export function exchange(connector: Connector, words: readonly string[], options: ExchangeOptions, outcome: Outcome): void {
  exchanges += 1;
  const tag = `x${exchanges}`;
  const rows: Sentence[] = [];
  const traps: Sentence[] = [];
  let cost = 0;
  const end = (ret: string | undefined) => {
    connector.stopRead(tag);
    if (traps.length > 0) outcome.reject(refusal(traps));
    else outcome.resolve({ rows, ret: ret ?? null });
  };
  connector.read(tag, (received) => {
    cost += costOf(received);
    if (cost > options.maxReplyBytes) throw new ProtocolViolation('a reply is too long');
    const attributes = attributesOf(received);
    switch (received[0]) {
      case '!re':
        rows.push(attributes);
        return;
      case '!trap':
        traps.push(attributes);
        if (options.endsWithTrap) end(undefined);
        return;
      case '!empty':
        return;
      case '!done':
        end(attributes.ret);
        return;
      default:
        throw new ProtocolViolation(`unknown reply ${received[0]?.slice(0, 40)}`);
    }
  });
  connector.write([...words, `.tag=${tag}`]);
}
