import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

const wellFormed = /^[\w.:-]{1,128}$/;

/** The caller's own `Request-Id` when it is well-formed, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const received = request.headers['request-id'];
  return typeof received === 'string' && wellFormed.test(received) ? received : randomUUID();
}

/**
 * Whether everybody on the way reads this head alike (RFC 9112): it names one host, and its body is in chunks or not, with no coding that
 * nobody here undoes. Node takes the first of two hosts, and a `Transfer-Encoding` that is empty for none.
 */
export function isUnambiguous({ httpVersion, rawHeaders }: IncomingMessage): boolean {
  const hosts = valuesOf('host', rawHeaders);
  const codings = valuesOf('transfer-encoding', rawHeaders);
  const isOld = httpVersion === '1.0';
  if (hosts.length !== 1 && !(isOld && hosts.length === 0)) return false;
  return codings.length === 0 || (!isOld && codings.length === 1 && codings[0]?.toLowerCase() === 'chunked');
}

function valuesOf(name: string, rawHeaders: readonly string[]): readonly (string | undefined)[] {
  const values: (string | undefined)[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const one = rawHeaders[at];
    // By the length first: every header of every request comes by here.
    if (one?.length === name.length && one.toLowerCase() === name) values.push(rawHeaders[at + 1]);
  }
  return values;
}

/** Path and query of a request's target. A client that takes us for a proxy says scheme and host too, which are as good as a Host header. */
export function originForm(target: string): string {
  const rest = target.replace(/^https?:\/\/[^/?#]*/i, '');
  if (rest === target) return target;
  return rest.startsWith('/') ? rest : `/${rest}`;
}
