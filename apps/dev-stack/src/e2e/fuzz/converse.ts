import { headerOf, type Answer } from './answer-reader.js';
import type { Conversation } from './conversation.arbitraries.js';
import { exchange, type Dialogue, type Outcome } from './exchange.js';
import type { FuzzedStack } from './fuzz-stack.js';
import { Complaint, judge } from './judge.js';
import { rendered, type RequestDraft } from './request-draft.js';
import type { Scene } from './scene.js';
import { resolved } from './wire-text.js';

/** A request may wait for a key (5 s), a slow client for its refusal (3.5 s), and everybody for a machine of two cores. */
const withinMillis = 25_000;

const portOf = ({ connection }: FuzzedStack, via: Conversation['via']): number => {
  const { baseUrl, commandApiUrl, queryApiUrl } = connection;
  return Number(new URL({ gateway: baseUrl, commandApi: commandApiUrl, queryApi: queryApiUrl }[via]).port);
};

const cutAt = (bytes: Buffer, places: readonly number[]): readonly Buffer[] => {
  const edges = [0, ...places.toSorted((a, b) => a - b), bytes.length];
  return edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
};

const segmentsOf = ({ manner }: Conversation, parts: readonly Buffer[]): readonly Buffer[] => {
  const whole = Buffer.concat(parts);
  switch (manner.kind) {
    case 'whole':
      return cutAt(
        whole,
        manner.cuts.map((share) => Math.floor(share * whole.length)),
      );
    case 'drip':
      return cutAt(
        whole,
        Array.from({ length: Math.min(400, whole.length) }, (_, at) => at),
      );
    case 'half': {
      const last = parts.at(-1) ?? Buffer.alloc(0);
      return [Buffer.concat([...parts.slice(0, -1), last.subarray(0, Math.max(1, Math.floor(manner.share * last.length)))])];
    }
    case 'endless':
      return [whole];
    default:
      return manner satisfies never;
  }
};

const withoutEnd = (draft: RequestDraft): RequestDraft => ({
  ...draft,
  framing: 'said',
  body: '',
  lines: [...draft.lines, 'Transfer-Encoding: chunked'],
});

/** What is sent of it, request by request. */
export const partsOf = (conversation: Conversation, { stack, symbols }: Scene): readonly Buffer[] => {
  const { requests, closes, manner, via } = conversation;
  return requests.map((draft, index) => {
    const isLast = index === requests.length - 1;
    const rendering = { symbols, host: `127.0.0.1:${portOf(stack, via)}`, requestId: `fuzz-${index}`, closes: closes && isLast };
    return rendered(isLast && manner.kind === 'endless' ? withoutEnd(draft) : draft, rendering);
  });
};

const dialogueOf = (conversation: Conversation, scene: Scene): Dialogue => {
  const { requests, closes, manner, via } = conversation;
  const parts = partsOf(conversation, scene);
  const ending = manner.kind === 'half' ? manner.next : 'wait';
  return {
    port: portOf(scene.stack, via),
    segments: segmentsOf(conversation, parts),
    ...(manner.kind === 'endless' && { endlessly: Buffer.from(`1000\r\n${'x'.repeat(4_096)}\r\n`) }),
    ending,
    expected: ending === 'wait' && !closes ? requests.length : Infinity,
    isHead: (place) => requests[place]?.method === 'HEAD',
    withinMillis,
  };
};

const connectionSays = (answer: Answer | undefined, token: string): boolean =>
  answer !== undefined && (headerOf(answer, 'connection') ?? '').toLowerCase().includes(token);

/** Whether the client got what it is owed, in order, and nothing else. */
const judgeConnection = (conversation: Conversation, outcome: Outcome, final: readonly Answer[]): void => {
  const { requests, manner } = conversation;
  const { how, rest } = outcome;
  if (how === 'nothing happened in time') throw new Complaint(`no end within ${withinMillis} ms, ${final.length} answers`);
  const last = final.at(-1);
  const ended = connectionSays(last, 'close') || last?.endless === true;
  if (manner.kind === 'half' && manner.next !== 'wait') return;
  // Who never stops sending cannot be told everything.
  if (manner.kind === 'endless' && (how === 'reset by the server' || rest > 0)) return;
  if (how === 'reset by the server' && !ended) throw new Complaint(`the connection was reset after ${final.length} answers`);
  // A parser that stumbles over a request does not know that it was a HEAD.
  const refusesHead = last !== undefined && [400, 408, 431].includes(last.status) && requests[final.length - 1]?.method === 'HEAD';
  if (rest > 0 && !refusesHead) throw new Complaint(`half an answer, of ${rest} bytes`);
  if (final.length === 0) throw new Complaint('no answer');
  const isSure = manner.kind !== 'half' && requests.every(({ isBroken }) => !isBroken);
  if (isSure && final.length > requests.length) throw new Complaint(`${final.length} answers to ${requests.length} requests`);
  if (final.length < requests.length && !ended) throw new Complaint(`${final.length} answers to ${requests.length} requests`);
};

export interface Heard {
  readonly answers: readonly Answer[];
  /** Nothing that it asked for was done, and it was all that it asked for. */
  readonly wasRefused: boolean;
}

const changes = ({ method, target }: RequestDraft): boolean => !['GET', 'HEAD'].includes(method) || /authorize/.test(target);

/** Holds the conversation and judges it. Throws `Complaint` or `BadFraming`. */
export const converse = async (conversation: Conversation, scene: Scene): Promise<Heard> => {
  const dialogue = dialogueOf(conversation, scene);
  const outcome = await exchange(dialogue);
  const final = outcome.answers.filter(({ status }) => status >= 200);
  judgeConnection(conversation, outcome, final);
  let place = 0;
  for (const answer of outcome.answers) {
    const draft = conversation.requests[place];
    const request = draft && { draft, target: resolved(draft.target, scene.symbols) };
    judge(answer, { via: conversation.via, request, requestId: `fuzz-${place}` }, scene.secrets);
    if (answer.status >= 200) place += 1;
  }
  const { requests, manner } = conversation;
  const isHalf = manner.kind === 'half';
  const asked = isHalf ? requests.slice(0, -1) : requests;
  const mayHaveChanged = asked.some((draft, index) => {
    const answer = final[index];
    return (changes(draft) || draft.isBroken) && (answer === undefined || answer.status < 300);
  });
  const unsure = requests.at(-1)?.isBroken === true && (isHalf || final.some(({ status }) => status < 300));
  return { answers: final, wasRefused: !mayHaveChanged && !unsure };
};
