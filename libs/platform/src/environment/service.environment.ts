import { z } from 'zod';
import { wholeNumber } from './fields.js';

const port = wholeNumber({ min: 0, max: 65_535 });
const millis = (fallback: number) => wholeNumber({ min: 1, max: 3_600_000 }).default(fallback);

/** The variables that every service has. A service's own schema extends it: `serviceEnvironment.extend({ … })`. */
export const serviceEnvironment = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development').describe('What the process runs for'),
  HOST: z.string().optional().describe('Address to listen on; 0.0.0.0 in production, else 127.0.0.1'),
  PORT: port.default(3000).describe('Port to listen on; 0 takes a free one'),
  METRICS_PORT: port.optional().describe('Port of its own for /livez, /readyz and /metrics; they share PORT unless set'),
  MIGRATIONS: z
    .enum(['run', 'wait'])
    .default('run')
    .describe('run: bring the own schema up to date at start; wait: until a job has (<service> --migrate)'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('The least severe line that is logged'),
  SHUTDOWN_GRACE_MILLIS: millis(25_000).describe('How long a stop may take before what is still open is cut'),
  RATE_LIMIT_PER_SECOND: wholeNumber({ min: 0, max: 1_000_000 })
    .optional()
    .describe('Requests a second and caller; 0 is no limit; 50 in production, else 0'),
  MAX_CONNECTIONS: wholeNumber({ min: 1, max: 1_000_000 }).default(10_000).describe('Connections at a time; further ones are refused'),
  HEADERS_TIMEOUT_MILLIS: millis(10_000).describe('How long a client may take to send the headers of a request'),
  REQUEST_TIMEOUT_MILLIS: millis(30_000).describe('How long a client may take to send a whole request'),
  KEEP_ALIVE_TIMEOUT_MILLIS: millis(65_000).describe("How long an idle connection stays open; longer than the proxy's own"),
  TRUSTED_PROXIES: z
    .string()
    .optional()
    .describe('Addresses or networks, separated by commas, whose X-Forwarded-For is believed; none unless set'),
  DOC_URL_BASE: z
    .url()
    .default('https://docs.scheduled-scripts.example/errors')
    .describe("What `doc_url` of an error answer begins with, and `#<code>` follows: the gateway's address and /docs/errors"),
});

export type ServiceEnvironment = Readonly<z.output<typeof serviceEnvironment>>;
