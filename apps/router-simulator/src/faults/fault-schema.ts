import { z } from 'zod';

const milliseconds = z.number().int().min(0).max(86_400_000);

/** What is wrong with a router for as long as it is set. */
const conditionsSchema = z.strictObject({
  /** Nobody listens: connections are refused. */
  refuse: z.boolean().default(false),
  /** Connections are accepted and reset at once. */
  reset: z.boolean().default(false),
  /** Connections are accepted; nothing is ever answered. */
  silent: z.boolean().default(false),
  /** Every answer waits this long, and up to `jitterMillis` more. */
  latencyMillis: milliseconds.default(0),
  jitterMillis: milliseconds.default(0),
  /** Bytes per TCP segment; 0 sends whole answers. */
  chunkBytes: z.number().int().min(0).default(0),
  /** The last byte of each answer comes this much later than the rest. */
  lastByteDelayMillis: milliseconds.default(0),
  /** Instead of the profile's. */
  password: z.string().nullable().default(null),
  serial: z.string().nullable().default(null),
  maxSessions: z.number().int().min(1).default(20),
  clockOffsetMillis: z.number().int().default(0),
  /** Writes of the last so many milliseconds are gone after a loss of power. */
  flushMillis: z.number().int().min(0).max(120_000).default(0),
  /** How long nobody listens after a reboot. */
  bootMillis: milliseconds.default(1_000),
  /** A file appears this long after the command that writes it has ended. */
  fileDelayMillis: milliseconds.default(150),
  /** Exports and backups: refused by a trap, or ended well without a file. */
  exportFails: z.enum(['no', 'refused', 'no-file']).default('no'),
  // What is not known of real routers comes both ways.
  /** `nested`: one job for the command, one for each script in it, all named. `command`: the command's job alone, without a name. */
  jobs: z.enum(['nested', 'command']).default('nested'),
  /** A command that runs when its session ends runs on. */
  commandsOutliveSession: z.boolean().default(false),
  /** What `/execute` starts in the background ends with the session that started it. */
  detachedJobsDieWithSession: z.boolean().default(false),
  /** To remove or to change what does not exist is an error, or does nothing. */
  missingItems: z.enum(['error', 'ignored']).default('error'),
});

export type Conditions = z.infer<typeof conditionsSchema>;

const pointSchema = z.discriminatedUnion('point', [
  z.strictObject({ point: z.literal('connect') }),
  z.strictObject({
    point: z.literal('command'),
    /** Canonical, `*` for any run of characters: `/system/script/*`. */
    path: z.string(),
    /** Only if one of its arguments, as `name=value`, contains this. */
    contains: z.string().default(''),
    origin: z.enum(['api', 'script', 'any']).default('any'),
    /** `before` the effect; `after` it and before the answer; `during` the answer, with half of its bytes sent. */
    when: z.enum(['before', 'during', 'after']).default('before'),
  }),
  /** Before the first statement at or after this line of an entry of `/system/script`; `*` as above. */
  z.strictObject({ point: z.literal('line'), script: z.string(), line: z.number().int().min(1) }),
]);

const effectSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('trap'),
    message: z.string(),
    category: z.number().int().min(0).max(7).nullable().default(null),
    /** Further traps before the `!done`. */
    more: z.array(z.string()).default([]),
  }),
  z.strictObject({ kind: z.literal('hang'), milliseconds }),
  /** `before` a command only: it stays in the buffer this long and is then carried out, even if nobody is connected any more. */
  z.strictObject({ kind: z.literal('late'), milliseconds }),
  /** One more sentence to the client, then all goes on: a reply to a tag that nobody uses, a word that nobody knows. */
  z.strictObject({ kind: z.literal('send'), words: z.array(z.string()).min(1) }),
  /** `kill-job`: the script and all that called it die, and the router lives on. */
  z.strictObject({ kind: z.enum(['reboot', 'power-loss', 'kill-job']) }),
  /** The session's end; from a script, the end of all sessions. */
  z.strictObject({ kind: z.enum(['reset', 'close', 'silent', 'half-open', 'rubbish', 'flood', 'fatal']) }),
]);

/** Something happens at a point of a command's way, or at a line of a script. */
const faultRuleSchema = z.strictObject({
  at: pointSchema,
  /** From this time on that the point is passed, counted from 1 ... */
  from: z.number().int().min(1).default(1),
  /** ... and this often. */
  times: z.number().int().min(1).default(1_000_000),
  effect: effectSchema,
});

export type FaultRule = z.infer<typeof faultRuleSchema>;
export type FaultEffect = FaultRule['effect'];

export const faultsSchema = z.strictObject({
  conditions: conditionsSchema.prefault({}),
  rules: z.array(faultRuleSchema).max(100).default([]),
});

export type Faults = z.infer<typeof faultsSchema>;
/** As one writes them: everything has a default. */
export type FaultsInput = z.input<typeof faultsSchema>;
