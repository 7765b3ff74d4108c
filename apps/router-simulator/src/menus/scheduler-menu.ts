import { formatClockDuration, formatDate, formatDateTime, formatTimeOfDay, parseDate, parseDuration } from '../router/router-time.js';
import type { Device } from '../router/device.js';
import { nextRun } from '../router/schedule.js';
import type { TableMenu } from './menu.js';
import { policySet, policyText } from './policies.js';
import { invalidValue } from './routeros-error.js';

/** `start-time` is `startup` or a time of day; without one it is now. */
const complete = (fields: Record<string, string>, device: Device): void => {
  const now = device.clock();
  const { isoDates } = device.version;
  fields['start-time'] ??= formatTimeOfDay(now);
  if (fields['start-time'] !== 'startup') {
    const time = parseDuration(fields['start-time'], true);
    if (time === null) throw invalidValue('start-time');
    fields['start-time'] = formatClockDuration(time);
    fields['start-date'] ??= formatDate(now, isoDates);
    const date = parseDate(fields['start-date']);
    if (date === null) throw invalidValue('start-date');
    fields['start-date'] = formatDate(date, isoDates);
  }
};

export const schedulerTable: TableMenu = {
  path: '/system/scheduler',
  fields: 'name start-date start-time interval on-event policy comment disabled owner',
  flags: 'disabled',
  times: 'interval',
  defaults: { interval: '0s', 'on-event': '', disabled: 'false' },
  required: 'name',
  key: 'name',
  check: (fields, caller, device) => {
    complete(fields, device);
    fields['policy'] = policyText(fields['policy'] === undefined ? caller.policies : policySet(fields['policy']));
    fields['owner'] ??= caller.user;
  },
  written: (device) => device.reschedule(),
  show: (fields, id, device) => {
    const next = nextRun(fields, device.clock(), device.clock() - device.uptimeMillis());
    return {
      'run-count': String(device.starts.count(`/system/scheduler ${id}`)),
      ...(next !== null && fields['disabled'] !== 'true' && { 'next-run': formatDateTime(next, device.version.isoDates) }),
    };
  },
};
