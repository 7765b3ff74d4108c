import { secret, serviceEnvironment, tokenVariables, wholeNumber } from '@scheduled-scripts/platform';
import { z } from 'zod';

const millis = wholeNumber({ min: 10, max: 3_600_000 });

export const queryApiEnvironment = serviceEnvironment.extend({
  DATABASE_URL: secret().describe('Postgres URL of the read model and of the backups, with the right to read them'),
  DATABASE_POOL_SIZE: wholeNumber({ min: 1, max: 200 }).default(10).describe('Connections to it at most'),
  ...tokenVariables,
  STREAMS_PER_CALLER: wholeNumber({ min: 1, max: 100_000 }).default(100).describe('Scripts that one caller may follow at a time'),
  STREAMS_AT_ONCE: wholeNumber({ min: 1, max: 100_000 }).default(4_000).describe('Streams of all callers at a time'),
  STREAM_HEARTBEAT_MILLIS: millis.default(15_000).describe('How often a stream says something; more often than proxies cut what is silent'),
  STREAM_PATIENCE_MILLIS: millis.default(30_000).describe('How long a client may leave its stream unread before it is cut'),
});

export type QueryApiEnvironment = z.output<typeof queryApiEnvironment>;
