import { secret, serviceEnvironment } from '@scheduled-scripts/platform';
import { z } from 'zod';

const millis = z.coerce.number().int().min(10).max(3_600_000);

export const queryApiEnvironment = serviceEnvironment.extend({
  DATABASE_URL: secret().describe('Postgres URL of the read model and of the backups, with the right to read them'),
  DATABASE_POOL_SIZE: z.coerce.number().int().min(1).max(200).default(10).describe('Connections to it at most'),
  AUTH_ISSUER: z.string().min(1).describe('Who issues the tokens, exactly as their claim iss says'),
  AUTH_AUDIENCE: z.string().min(1).describe('What the claim aud of the tokens must name'),
  AUTH_JWKS_URI: z.url().describe("Where the issuer's public keys are"),
  STREAMS_PER_CALLER: z.coerce.number().int().min(1).max(100_000).default(100).describe('Scripts that one caller may follow at a time'),
  STREAMS_AT_ONCE: z.coerce.number().int().min(1).max(100_000).default(4_000).describe('Streams of all callers at a time'),
  STREAM_HEARTBEAT_MILLIS: millis.default(15_000).describe('How often a stream says something; more often than proxies cut what is silent'),
  STREAM_PATIENCE_MILLIS: millis.default(30_000).describe('How long a client may leave its stream unread before it is cut'),
});

export type QueryApiEnvironment = z.output<typeof queryApiEnvironment>;
