/** The gateway as it is, for suites that say what the client would not; throws with the answer's own words on anything but success. */
export interface Api {
  send(method: string, path: string, token: string, body?: unknown, headers?: Record<string, string>): Promise<unknown>;
}

export const createApi = (baseUrl: string): Api => ({
  send: async (method, path, token, body, headers = {}) => {
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
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    return text === '' ? null : JSON.parse(text);
  },
});
