import { formatDateTime } from '../router/router-time.js';
import type { Fields } from '../router/config-store.js';
import type { Device } from '../router/device.js';
import type { Job } from '../router/job-table.js';
import { canBeRead } from '../script/script-parser.js';
import { toText, typeName } from '../script/values.js';
import type { Command, Menu, TableMenu } from './menu.js';
import type { Caller, PrintedRow } from './menu-call.js';
import { policySet, policyText, scriptPolicies } from './policies.js';
import { listing } from './reading-menus.js';
import { missingValues, noMatch, noSuchItem, notPermitted } from './routeros-error.js';
import { tableMenu, targets } from './table-menu.js';

const ownAndCheckPolicy = (fields: Record<string, string>, caller: Caller): void => {
  const wanted = policySet(fields['policy'] ?? policyText(caller.policies));
  for (const name of wanted) if (!(scriptPolicies as readonly string[]).includes(name)) throw noMatch('policy');
  for (const name of wanted) if (!caller.policies.has(name)) throw notPermitted();
  fields['policy'] = policyText(wanted);
  fields['owner'] ??= caller.user;
};

const runScript: Command = {
  parameters: ['number', '.id', 'use-script-permissions'],
  positional: ['number'],
  policy: 'write',
  run: async (call, device) => {
    if (call.numbers === null) throw missingValues(['number']);
    let lists = 0;
    for (const row of targets(scriptTable, call, device)) lists += await device.runScript(row.id, call.caller);
    // A session sees of each list that the script prints an empty row, and nothing of what it puts.
    return lists > 0 && call.caller.origin === 'api' ? { rows: Array.from({ length: lists }, () => ({})) } : {};
  },
};

export const scriptTable: TableMenu = {
  path: '/system/script',
  fields: 'name owner policy dont-require-permissions source comment',
  flags: 'dont-require-permissions',
  defaults: { 'dont-require-permissions': 'false', source: '' },
  required: 'name',
  key: 'name',
  duplicate: 'item with this name already exists',
  writePolicy: 'write',
  check: ownAndCheckPolicy,
  show: (fields, id, device) => {
    const last = device.starts.last(`/system/script ${id}`);
    return {
      ...(last !== null && { 'last-started': formatDateTime(last, device.version.isoDates) }),
      'run-count': String(device.starts.count(`/system/script ${id}`)),
      invalid: String(!isReadable(fields, device)),
    };
  },
  more: { run: runScript },
};

/** By row: rows are replaced when they change. */
const readable = new WeakMap<Fields, boolean>();

const isReadable = (fields: Fields, device: Device): boolean => {
  const known = readable.get(fields);
  if (known !== undefined) return known;
  const answer = canBeRead(fields['source'] ?? '', device.tree);
  readable.set(fields, answer);
  return answer;
};

const jobRows = (device: Device): PrintedRow[] => {
  const jobs = device.jobs.list();
  const visible = device.conditions.jobs === 'nested' ? jobs : jobs.filter((job) => job.start.script === null);
  return visible.map((job) => jobRow(job, device));
};

/** A command of a session has a job, too, but none that is listed. */
const parentOf = ({ start: { parent } }: Job): string | null => (parent === null ? null : parent.id === '' ? parentOf(parent) : parent.id);

const jobRow = (job: Job, device: Device): PrintedRow => ({
  '.id': job.id,
  ...(job.start.script !== null && { script: job.start.script }),
  owner: job.start.owner,
  ...(device.version.atLeast(7, 0) && { type: job.start.type }),
  started: formatDateTime(job.startedAt, device.version.isoDates),
  ...(parentOf(job) !== null && device.version.atLeast(7, 0) && { parent: parentOf(job) ?? '' }),
});

/** Removing a job ends all that it was started by and for. */
const removeJob: Command = {
  parameters: ['numbers', '.id'],
  positional: ['numbers'],
  policy: 'write',
  run: (call, device) => {
    const jobs = (call.numbers ?? []).map((token) => device.jobs.get(token) ?? namedJob(token, device));
    for (const job of jobs) {
      if (!job) throw noSuchItem();
      job.root().kill('interrupted');
    }
    return {};
  },
};

const namedJob = (token: string, device: Device): Job | undefined => device.jobs.list().find((job) => job.start.script === token);

const environmentRows = (device: Device): PrintedRow[] =>
  [...device.globals].map(([name, value], index) => ({
    '.id': `*${(index + 1).toString(16).toUpperCase()}`,
    name,
    value: toText(value),
    type: typeName(value),
  }));

export const scriptMenus: readonly Menu[] = [
  tableMenu(scriptTable),
  listing('/system/script/job', jobRows, { remove: removeJob }),
  listing('/system/script/environment', environmentRows),
];
