import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { importJWK, SignJWT } from 'jose';
import { addKey, loadKeys, publicPart, type IssuerAlgorithm, type StoredKey } from './key-file.js';

export interface IssuerOptions {
  /** Where the private keys are kept, with mode 0600; made when it is not there. */
  readonly keyFile: string;
  /** Of the process; see `refuseProduction`. */
  readonly nodeEnv: string | undefined;
  /** A free one unless told. It is part of the issuer's name: tokens outlive a restart on the same port only. */
  readonly port?: number;
  readonly audience?: string;
  readonly algorithm?: IssuerAlgorithm;
}

export interface TokenRequest {
  readonly sub: string;
  readonly organizationId: string;
  readonly scopes: readonly string[];
  readonly lifetimeSeconds: number;
}

export interface Issuer {
  /** What `iss` of its tokens says, and where it answers. */
  readonly url: string;
  readonly audience: string;
  readonly jwksUri: string;
  issueToken(request: TokenRequest): Promise<string>;
  /** A new key signs from now on; tokens of the one before stay good. */
  rotate(): Promise<void>;
  stop(): Promise<void>;
}

/** Throws in production: whoever reads the key file may be anybody. */
export function refuseProduction(nodeEnv: string | undefined): void {
  if (nodeEnv === 'production') throw new Error('The embedded issuer does not start with NODE_ENV=production.');
}

/** An issuer of tokens for development and tests, on the loopback address. */
export async function startIssuer(options: IssuerOptions): Promise<Issuer> {
  const { keyFile, nodeEnv, port = 0, audience = 'scheduled-scripts', algorithm = 'ES256' } = options;
  refuseProduction(nodeEnv);
  let keys = await loadKeys(keyFile, algorithm);
  const documents = new Map<string, () => unknown>();
  const server = createServer((request, response) => {
    const document = documents.get(request.url ?? '');
    const known = document !== undefined && (request.method === 'GET' || request.method === 'HEAD');
    response.writeHead(known ? 200 : 404, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
    response.end(known ? JSON.stringify(document()) : '{}');
  });
  await listen(server, port);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const jwksUri = `${url}/.well-known/jwks.json`;
  documents.set('/.well-known/jwks.json', () => ({ keys: keys.map(publicPart) }));
  documents.set('/.well-known/openid-configuration', () => ({
    issuer: url,
    jwks_uri: jwksUri,
    id_token_signing_alg_values_supported: [...new Set(keys.map(({ alg }) => alg))],
    response_types_supported: ['token'],
    subject_types_supported: ['public'],
  }));
  return {
    url,
    audience,
    jwksUri,
    issueToken: (request) => sign(keys.at(-1), url, audience, request),
    rotate: async () => {
      keys = await addKey(keyFile, keys, algorithm);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function sign(key: StoredKey | undefined, issuer: string, audience: string, request: TokenRequest): Promise<string> {
  if (key === undefined) throw new Error('The issuer has no key.');
  const { sub, organizationId, scopes, lifetimeSeconds } = request;
  return new SignJWT({ org_id: organizationId, scope: scopes.join(' ') })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(sub)
    .setJti(randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${lifetimeSeconds}s`)
    .sign(await importJWK(key));
}
