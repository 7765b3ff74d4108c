import { setTimeout as rest } from 'node:timers/promises';

/** A client's view of the gateway; throws with the answer's own words on anything but success. */
export interface Api {
  send(method: string, path: string, token: string, body?: unknown, headers?: Record<string, string>): Promise<unknown>;
  /** Again while the answer is 503: only for what may be asked for twice. */
  insist: Api['send'];
}

export class UnexpectedAnswer extends Error {
  constructor(
    what: string,
    readonly status: number,
    readonly code: string | null,
  ) {
    super(what);
    this.name = 'UnexpectedAnswer';
  }
}

const codeOf = (text: string): string | null => {
  try {
    const { code } = JSON.parse(text) as { code?: unknown };
    return typeof code === 'string' ? code : null;
  } catch {
    return null;
  }
};

const patienceMillis = 60_000;

export const createApi = (baseUrl: string): Api => {
  const send: Api['send'] = async (method, path, token, body, headers = {}) => {
    const answer = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await answer.text();
    if (!answer.ok) throw new UnexpectedAnswer(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`, answer.status, codeOf(text));
    return text === '' ? null : JSON.parse(text);
  };
  return {
    send,
    insist: async (...request) => {
      for (const deadline = Date.now() + patienceMillis; ; await rest(500)) {
        try {
          return await send(...request);
        } catch (error) {
          if (!(error instanceof UnexpectedAnswer) || error.status !== 503 || Date.now() > deadline) throw error;
        }
      }
    },
  };
};
