import { gunzipSync } from 'node:zlib';
import type { Problem } from '@scheduled-scripts/client';
import { openApiDocument } from '@scheduled-scripts/contracts/openapi';
import { DocumentJudge } from '../../testing/document-judge.js';
import { headerOf, type Answer } from './answer-reader.js';
import type { Conversation } from './conversation.arbitraries.js';
import { mismatch } from './problem-rules.js';
import type { RequestDraft } from './request-draft.js';

export class Complaint extends Error {}

/** Of what is served at each address. */
const documents: Readonly<Record<Conversation['via'], DocumentJudge>> = {
  gateway: new DocumentJudge(openApiDocument('gateway')),
  commandApi: new DocumentJudge(openApiDocument('command-api')),
  queryApi: new DocumentJudge(openApiDocument('query-api')),
};

const internals =
  /\bat (?:async )?[\w.<>]+ \(?(?:file:|node:|\/)|node_modules|\.[jt]s:\d+|\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\b.*\b(?:FROM|VALUES|SET|WHERE)\b|postgres:\/\/|ECONNREFUSED|ENOTFOUND|pg_catalog|\bzod\b|fastify|nestjs/i;

export interface Asked {
  readonly via: Conversation['via'];
  /** Undefined where it cannot be told which request this is the answer to. */
  readonly request: { readonly draft: RequestDraft; readonly target: string } | undefined;
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
  const isWithoutCode = draft?.method === 'HEAD';
  const asksToWait = (isWithoutCode || text.includes('"projection_behind"')) && hasLine(draft, /^min-version:/i);
  const asksForName = text.includes('"dependency_unavailable"') && draft?.body.includes('host') === true;
  if (answer.status !== 503 || (!asksToWait && !asksForName)) complain(`a ${answer.status}`);
  if (!/^\d+$/.test(headerOf(answer, 'retry-after') ?? '')) complain('a 503 that does not say when to come back');
};

const judgeProblem = (answer: Answer, text: string, document: DocumentJudge): void => {
  const body = jsonOf(text);
  const [objection] = document.modelComplaints('Problem', body);
  const words = objection ?? mismatch(answer.status, body as Problem);
  if (words !== null) complain(words);
  const needs = { 401: 'www-authenticate', 405: 'allow', 429: 'retry-after' }[answer.status];
  if (needs !== undefined && headerOf(answer, needs) === undefined) complain(`a ${answer.status} without ${needs}`);
};

/** What the client reads, which has asked for it to be packed if it is. */
const textOf = (answer: Answer): string => {
  const isPacked = headerOf(answer, 'content-encoding') === 'gzip' && answer.body.length > 0;
  return (isPacked ? gunzipSync(answer.body) : answer.body).toString('utf8');
};

/** The path as a router reads it: on the line of a request it ends at a blank, too. */
const spelt = (target: string): string => {
  const path = target.split(/[?# ]/)[0] ?? '';
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
};

/** What the document promises of the operation, if it is one. */
const judgeByDocument = ({ status, headers }: Answer, body: string, { via, request }: Asked): void => {
  if (request === undefined) return;
  const { draft, target } = request;
  const path = spelt(target);
  // The gateway chooses by how the path is written: the service that gets it may have nothing there.
  if (via === 'gateway' && !target.startsWith(path) && body.includes('"code":"route_not_found"')) return;
  const named = new Headers(headers.map(([name, value]) => [name, value]));
  const complaints = documents[via].complaints({ method: draft.method, path, status, headers: named, body });
  if (complaints.length > 0) complain(complaints.join('; ').slice(0, 1_000));
};

/** One answer by itself. Throws `Complaint`. */
export const judge = (answer: Answer, asked: Asked, secrets: readonly string[]): void => {
  const { via, request, requestId } = asked;
  const draft = request?.draft;
  const text = textOf(answer);
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
    if (!isHead && !isHtml && draft?.target.startsWith('/readyz') !== true) judgeProblem(answer, text, documents[via]);
  } else if (answer.status >= 300 && answer.status !== 304) complain(`a ${answer.status}`);
  judgeByDocument(answer, text, asked);
  // What is refused before there is a request has an id of its own.
  const beforeRequest =
    /"code":"(malformed_request|headers_too_large|request_timeout)"/.test(text) || hasLine(draft, /^request-id:/i) || isHead;
  if (draft !== undefined && !beforeRequest && id !== requestId) complain(`this is the answer to another request: ${id}, not ${requestId}`);
};
