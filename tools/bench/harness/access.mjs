import { join } from 'node:path';
import { startIssuer } from '@scheduled-scripts/auth/issuer';
import { benchFolder } from './postgres.mjs';

export const organizationId = 'org_bench';

/** An issuer of ES256 tokens; answers what a service needs to believe them, and a token with these scopes. */
export const startAccess = async (scope, scopes) => {
  const issuer = await startIssuer({ keyFile: join(benchFolder, 'issuer-keys.json'), nodeEnv: 'test' });
  await scope.add(issuer, () => issuer.stop());
  const token = await issuer.issueToken({ sub: 'auth0|author', organizationId, scopes, lifetimeSeconds: 3_600 });
  return {
    env: { AUTH_ISSUER: issuer.url, AUTH_AUDIENCE: issuer.audience, AUTH_JWKS_URI: issuer.jwksUri },
    headers: { authorization: `Bearer ${token}` },
  };
};
