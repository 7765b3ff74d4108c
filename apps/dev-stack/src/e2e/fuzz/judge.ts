import { headerOf, type Answer } from './answer-reader.js';
import { mismatch, problemBody, successes } from './contract.js';
import type { RequestDraft } from './request.arbitraries.js';

export class Complaint extends Error {}

const internals =
  /\bat (?:async )?[\w.<>]+ \(?(?:file:|node:|\/)|node_modules|\.[jt]s:\d+|\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\b.*\b(?:FROM|VALUES|SET|WHERE)\b|postgres:\/\/|ECONNREFUSED|ENOTFOUND|pg_catalog|\bzod\b|fastify|nestjs/i;

export interface Asked {
  /** Undefined where it cannot be told which request this is the answer to. */
  readonly draft: RequestDraft | undefined;
  readonly requestId: string;
}

const hasLine = (draft: RequestDraft | undefined, name: RegExp): boolean => draft?.lines.some((line) => name.test(line)) ?? true;

const isPage = (draft: RequestDraft | undefined): boolean =>
  draft === undefined || draft.target.startsWith('/authorize') || draft.route === '/authorize/:token';

const complain = (words: string): never => {
  throw new Complaint(words);
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return complain(`the body is no JSON: ${text.slice(0, 200)}`);
  }
};

/** 503 only where the contract has it, and the request has asked for it. */
const judgeUnavailable = (answer: Answer, text: string, draft: RequestDraft | undefined): void => {
  const asksToWait = text.includes('"projection_behind"') && hasLine(draft, /^min-version:/i);
  const asksForName = text.includes('"dependency_unavailable"') && draft?.body.includes('host') === true;
  if (answer.status !== 503 || (!asksToWait && !asksForName)) complain(`a ${answer.status}`);
  if (!/^\d+$/.test(headerOf(answer, 'retry-after') ?? '')) complain('a 503 that does not say when to come back');
};

const judgeProblem = (answer: Answer, text: string): void => {
  const body = problemBody.safeParse(jsonOf(text));
  if (!body.success) return complain(`no problem in the contract's shape: ${body.error.message}`);
  const words = mismatch(answer.status, body.data);
  if (words !== null) complain(words);
  const needs = { 401: 'www-authenticate', 405: 'allow', 429: 'retry-after' }[answer.status];
  if (needs !== undefined && headerOf(answer, needs) === undefined) complain(`a ${answer.status} without ${needs}`);
};

const judgeSuccess = (answer: Answer, text: string, draft: RequestDraft): void => {
  const method = draft.method === 'HEAD' ? 'GET' : draft.method;
  const [status, body] = successes[`${method} ${draft.route}`] ?? [];
  // A path that is spelt oddly may be that of another route.
  if (status === undefined || method !== draft.method || /[^\w/⟦⟧.-]/.test(draft.target)) return;
  if (answer.status !== status) complain(`success is ${status} here`);
  if (body === null && text !== '') complain('a body where none is promised');
  const found = body?.safeParse(jsonOf(text));
  if (found?.success === false) complain(`not what is promised: ${found.error.message.slice(0, 500)}`);
};

/** One answer by itself. Throws `Complaint`. */
export const judge = (answer: Answer, { draft, requestId }: Asked, secrets: readonly string[]): void => {
  const text = answer.body.toString('utf8');
  const whole = `${answer.headers.map(([name, value]) => `${name}: ${value}`).join('\n')}\n${text}`;
  if (answer.status === 100 && hasLine(draft, /^expect:/i)) return;
  const isHead = draft?.method === 'HEAD';
  const type = headerOf(answer, 'content-type') ?? '';
  const id = headerOf(answer, 'request-id') ?? complain('there is no Request-Id');
  if (secrets.some((secret) => whole.includes(secret))) complain('there is a secret in it');
  if (headerOf(answer, 'x-injected') !== undefined) complain('a header was injected');
  if (answer.body.length > 0 && type === '') complain('a body without a type');
  if (answer.status >= 400) {
    if (internals.test(whole)) complain(`there is something of our insides in it: ${internals.exec(whole)?.[0]}`);
    const isHtml = type.startsWith('text/html') && isPage(draft) && answer.status < 500;
    if (answer.status >= 500 && draft?.target.startsWith('/readyz') !== true) judgeUnavailable(answer, text, draft);
    if (!isHtml && type !== 'application/json; charset=utf-8') complain(`an error of the type ${type || '(none)'}`);
    if (!isHead && !isHtml && draft?.target.startsWith('/readyz') !== true) judgeProblem(answer, text);
  } else if (draft !== undefined && answer.status !== 304 && !isHead && !answer.endless) {
    if (answer.status >= 300) complain(`a ${answer.status}`);
    judgeSuccess(answer, text, draft);
  }
  // What is refused before there is a request has an id of its own.
  const beforeRequest =
    /"code":"(malformed_request|headers_too_large|request_timeout)"/.test(text) || hasLine(draft, /^request-id:/i) || isHead;
  if (draft !== undefined && !beforeRequest && id !== requestId) complain(`this is the answer to another request: ${id}, not ${requestId}`);
};
