import type { Sent } from './http-client.js';

type Code = 'token_missing' | 'token_invalid';

/** A request that carries a good token where it does not belong. `query` is put behind the path. */
export interface WrongPlace {
  readonly name: string;
  readonly code: Code;
  readonly headers?: Sent['headers'];
  readonly query?: string;
}

const headers = (name: string, code: Code, sent: NonNullable<Sent['headers']>): WrongPlace => ({ name, code, headers: sent });
const scheme = (name: string, code: Code, authorization: string): WrongPlace => headers(name, code, { authorization });

export const wrongPlaces = (good: string, forged: string): readonly WrongPlace[] => [
  { name: 'nowhere', code: 'token_missing' },
  scheme('an empty header', 'token_missing', ''),
  scheme('a scheme without a token', 'token_invalid', 'Bearer'),
  scheme('a scheme and a blank', 'token_invalid', 'Bearer '),
  scheme('no scheme', 'token_missing', good),
  scheme('another scheme', 'token_missing', `Token ${good}`),
  scheme('the scheme JWT', 'token_missing', `JWT ${good}`),
  scheme('the scheme DPoP', 'token_missing', `DPoP ${good}`),
  scheme('the scheme Basic', 'token_missing', `Basic ${Buffer.from(`${good}:`).toString('base64')}`),
  scheme('the scheme Basic, in plain text', 'token_missing', `Basic ${good}`),
  scheme('the scheme without a blank', 'token_missing', `Bearer${good}`),
  scheme('the scheme with a tab', 'token_invalid', `Bearer\t${good}`),
  scheme('the scheme with a colon', 'token_invalid', `Bearer: ${good}`),
  scheme('the scheme in quotation marks', 'token_missing', `"Bearer ${good}"`),
  scheme('two schemes', 'token_missing', `Basic Og==, Bearer ${good}`),
  headers('two headers, the good one first', 'token_invalid', { authorization: [`Bearer ${good}`, `Bearer ${forged}`] }),
  headers('two headers, the good one last', 'token_invalid', { authorization: [`Bearer ${forged}`, `Bearer ${good}`] }),
  headers('two headers that are the same', 'token_invalid', { authorization: [`Bearer ${good}`, `Bearer ${good}`] }),
  headers('a cookie', 'token_missing', { cookie: `access_token=${good}; Authorization=Bearer ${good}` }),
  headers('headers for proxies', 'token_missing', {
    'proxy-authorization': `Bearer ${good}`,
    'x-forwarded-authorization': `Bearer ${good}`,
    'x-original-authorization': `Bearer ${good}`,
  }),
  headers('headers of others', 'token_missing', { 'x-access-token': good, 'x-auth-token': good, 'x-amz-security-token': good }),
  headers('what a proxy would say of the caller', 'token_missing', {
    'x-forwarded-user': 'auth0|author',
    'x-org-id': 'org_demo',
    'x-user': 'root',
  }),
  headers('another address before us', 'token_missing', {
    'x-forwarded-for': '127.0.0.1',
    'x-real-ip': '127.0.0.1',
    'x-original-url': '/livez',
  }),
  headers('another method', 'token_missing', { 'x-http-method-override': 'OPTIONS', 'x-method-override': 'OPTIONS' }),
  { name: 'the query of OAuth', code: 'token_missing', query: `access_token=${good}` },
  { name: 'another query', code: 'token_missing', query: `token=${good}&jwt=${good}&authorization=Bearer%20${good}` },
];
