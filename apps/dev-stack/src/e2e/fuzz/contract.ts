import { frameworkProblem } from '@scheduled-scripts/platform';
import { problem, type ProblemCode } from '@scheduled-scripts/contracts';
import { z } from 'zod';

const timestamp = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
const uuid = z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const siteId = z.string().regex(/^site_[0-9A-Za-z]{16,32}$/);

const progress = z.strictObject({ completed: z.array(siteId), failed: z.array(siteId), pending: z.array(siteId) });

const script = z.strictObject({
  id: uuid,
  created_by: z.string(),
  test_site_id: siteId.nullable(),
  make_backup: z.boolean(),
  abort_if_offline: z.boolean(),
  description: z.string(),
  summary: z.string().nullable(),
  script: z.string(),
  status: z.enum(['unauthorized', 'scheduled', 'launched', 'cancelled']),
  authorized_at: timestamp.nullable(),
  cancelled_at: timestamp.nullable(),
  launch_at: timestamp,
  t_minus: z.string().regex(/^now$|^in \d+ [a-z]+$|^\d+ [a-z]+ ago$/),
  started_at: timestamp.nullable(),
  sites: z.array(siteId).min(1),
  notify: z.array(z.string()),
  progress,
  created_at: timestamp,
  updated_at: timestamp,
});

const execution = z.strictObject({
  id: uuid,
  site_id: siteId,
  kind: z.enum(['rollout', 'test']),
  state: z.enum(['pending', 'running', 'completed', 'failed']),
  reason: z.string().nullable(),
  message: z.string().nullable(),
  started_at: timestamp.nullable(),
  finished_at: timestamp.nullable(),
  duration_ms: z.number().nullable(),
  backup: z.strictObject({ sha256: z.string(), bytes: z.number(), taken_at: timestamp }).nullable(),
});

const site = z.strictObject({
  id: siteId,
  name: z.string(),
  host: z.string(),
  port: z.number(),
  tls: z.enum(['verify', 'pin', 'none']),
  tls_fingerprint: z.string().nullable(),
  username: z.string(),
  serial: z.string().nullable(),
  created_at: timestamp,
  updated_at: timestamp,
});

const historyEntry = z.strictObject({ type: z.string(), at: timestamp, by: z.string(), data: z.record(z.string(), z.unknown()) });

/** What stands in the body of a success; `null`: nothing. A route that is not named here answers JSON, HTML or text of its own. */
export const successes: Readonly<Record<string, readonly [status: number, body: z.ZodType | null]>> = {
  'GET /scripts/scheduled': [200, z.array(script)],
  'GET /scripts/scheduled/:id': [200, script],
  'GET /scripts/scheduled/:id/progress': [200, progress],
  'GET /scripts/scheduled/:id/executions': [200, z.array(execution)],
  'GET /scripts/scheduled/:id/history': [200, z.array(historyEntry)],
  'POST /scripts/scheduled': [201, script],
  'PUT /scripts/scheduled/:id': [200, script],
  'DELETE /scripts/scheduled/:id': [204, null],
  'GET /scripts/scheduled/:id/authorize': [202, null],
  'POST /scripts/scheduled/:id/authorize': [200, script],
  'POST /scripts/scheduled/:id/test': [202, null],
  'POST /scripts/scheduled/:id/launch': [202, null],
  'POST /scripts/scheduled/:id/abort': [202, null],
  'GET /sites': [200, z.array(site)],
  'POST /sites': [201, site],
  'GET /sites/:id': [200, site],
  'PATCH /sites/:id': [200, site],
  'DELETE /sites/:id': [204, null],
};

const typesByStatus: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  405: 'not_found_error',
  409: 'conflict_error',
  412: 'conflict_error',
  429: 'rate_limit_error',
  500: 'api_error',
  503: 'api_error',
};

export const problemBody = z.strictObject({
  type: z.string(),
  code: z.string().regex(/^[a-z_]+$/),
  message: z.string().min(1).max(1_000),
  doc_url: z.url(),
  param: z.string().max(250).optional(),
  errors: z
    .array(z.strictObject({ param: z.string().max(250), code: z.string().regex(/^[a-z_]+$/), message: z.string().max(500) }))
    .max(100_000)
    .optional(),
});

/** A header that cannot be understood is syntax: its code is that of a field, its status is not. */
const statusesOf = (code: string): readonly number[] => {
  const framework = [400, 404, 408, 413, 414, 415, 417, 431].filter((status) => frameworkProblem(status).code === code);
  try {
    const { status } = problem(code as ProblemCode);
    return [...framework, status, ...(code === 'parameter_invalid' ? [400] : [])];
  } catch {
    return framework;
  }
};

/** Why a status, a type and a code do not belong together, or null. */
export const mismatch = (status: number, { type, code, doc_url: doc }: z.output<typeof problemBody>): string | null => {
  const expected = typesByStatus[status] ?? 'invalid_request_error';
  if (type !== expected) return `the type of a ${status} is ${expected}, not ${type}`;
  if (!statusesOf(code).includes(status)) return `the code ${code} does not belong to a ${status}`;
  return doc.endsWith(`#${code}`) ? null : `doc_url is that of something else: ${doc}`;
};
