/** What came back, and what its headers say. */
export interface Answer<Data> {
  readonly status: number;
  readonly data: Data;
  /** For `ifMatch` and `ifNoneMatch`. */
  readonly etag: string | null;
  /** The version that the ETag begins with: for `minVersion`. */
  readonly version: number | null;
  /** Of what was created. */
  readonly location: string | null;
  /** Of the next page, if there is one. */
  readonly next: string | null;
  /** Names the request in the service's logs. */
  readonly requestId: string | null;
  readonly headers: Headers;
}

/** What `ifNoneMatch` named is still what one would get. */
export type NotModified = Answer<null> & { readonly status: 304 };

export const answerOf = <Data>(response: Response, data: Data): Answer<Data> => {
  const { status, headers } = response;
  const etag = headers.get('ETag');
  const version = /^"(\d+)-/.exec(etag ?? '')?.[1];
  return {
    status,
    data,
    etag,
    version: version === undefined ? null : Number(version),
    location: headers.get('Location'),
    next: /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(headers.get('Link') ?? '')?.[1] ?? null,
    requestId: headers.get('Request-Id'),
    headers,
  };
};
