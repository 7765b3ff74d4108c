import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const wellFormed = /^[\w.:-]{1,128}$/;

/** The caller's own `Request-Id` when it is well-formed, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const received = request.headers['request-id'];
  return typeof received === 'string' && wellFormed.test(received) ? received : randomUUID();
}

/** RFC 9112: one Host, unless the request is of HTTP/1.0. Node looks for none only, keeps the first of two, and has no shape for its answer. */
export function isAddressed({ httpVersion, rawHeaders }: IncomingMessage): boolean {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  return hosts === 1 || (hosts === 0 && httpVersion === '1.0');
}

/** Path and query of a request's target. A client that takes us for a proxy says scheme and host as well: they are as good as a Host header. */
export function originForm(target: string): string {
  const rest = target.replace(/^https?:\/\/[^/?#]*/i, '');
  if (rest === target) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}
