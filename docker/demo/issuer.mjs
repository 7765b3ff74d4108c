// An issuer of tokens for a demo on one's own machine. Whoever reaches GET /tokens may be anybody: never put it where others can.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { startIssuer } from '@scheduled-scripts/auth/issuer';

const [keyFile, usersFile, port, ownPort] = process.argv.slice(2);
const scopes = ['script:view', 'script:create', 'script:update', 'script:delete', 'site:view', 'site:manage'];
const lifetimeSeconds = 24 * 3_600;

// It listens on the loopback address alone; what it says of its keys is passed on to the other containers.
const issuer = await startIssuer({ keyFile, nodeEnv: process.env.NODE_ENV, port: Number(ownPort) });

const tokens = async () => {
  const issued = {};
  for (const [organizationId, users] of Object.entries(JSON.parse(readFileSync(usersFile, 'utf8')))) {
    for (const [sub, { approver }] of Object.entries(users)) {
      const allowed = approver ? [...scopes, 'script:authorize'] : scopes;
      issued[sub] = await issuer.issueToken({ sub, organizationId, scopes: allowed, lifetimeSeconds });
    }
  }
  return issued;
};

const documents = {
  '/.well-known/jwks.json': async () => (await fetch(issuer.jwksUri)).json(),
  '/tokens': tokens,
};

const answer = async ({ method, url }) => (method === 'GET' ? documents[url ?? '']?.() : undefined);

const server = createServer((request, response) => {
  const send = (status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body ?? {}));
  void answer(request).then(
    (body) => send(body === undefined ? 404 : 200, body),
    () => send(500),
  );
});
server.listen(Number(port), () => {
  process.stdout.write(`${JSON.stringify({ issuer: issuer.url, port: server.address().port })}\n`);
});

process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  void issuer.stop();
});
