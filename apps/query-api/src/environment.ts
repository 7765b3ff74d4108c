import { secret, serviceEnvironment } from '@scheduled-scripts/platform';
import { z } from 'zod';

export const queryApiEnvironment = serviceEnvironment.extend({
  DATABASE_URL: secret().describe('Postgres URL of the read model and of the backups, with the right to read them'),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(200).default(10).describe('Connections to it at most'),
  AUTH_ISSUER: z.string().min(1).describe('Who issues the tokens, exactly as their claim iss says'),
  AUTH_AUDIENCE: z.string().min(1).describe('What the claim aud of the tokens must name'),
  AUTH_JWKS_URI: z.url().describe("Where the issuer's public keys are"),
});

export type QueryApiEnvironment = z.output<typeof queryApiEnvironment>;
