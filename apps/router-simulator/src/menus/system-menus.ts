import { formatDate, formatDateTime, formatDuration, formatTimeOfDay } from '../router/router-time.js';
import { exportCommand } from './file-menus.js';
import type { Command, Menu, TableMenu } from './menu.js';
import { listing, reading } from './reading-menus.js';
import { missingValues } from './routeros-error.js';

const resource = reading('/system/resource', (device) => ({
  uptime: formatDuration(Math.floor(device.uptimeMillis() / 1000) * 1000),
  version: device.version.text,
  'build-time': '2025-07-23 10:12:30',
  'free-memory': '867123200',
  'total-memory': '1073741824',
  cpu: 'ARM64',
  'cpu-count': '4',
  'cpu-frequency': '1400',
  'cpu-load': '3',
  'free-hdd-space': '998244352',
  'total-hdd-space': '1073741824',
  'architecture-name': 'arm64',
  'board-name': device.profile.board,
  platform: 'MikroTik',
}));

const clock = reading('/system/clock', (device) => ({
  time: formatTimeOfDay(device.clock()),
  date: formatDate(device.clock(), device.version.isoDates),
  'time-zone-autodetect': 'true',
  'time-zone-name': 'Etc/UTC',
  'gmt-offset': '+00:00',
  'dst-active': 'false',
}));

const routerboard = reading('/system/routerboard', (device) => ({
  routerboard: 'true',
  'board-name': device.profile.board,
  model: device.profile.model,
  'serial-number': device.conditions.serial ?? device.profile.serial,
  'firmware-type': 'al64',
  'factory-firmware': '7.8',
  'current-firmware': device.version.text.split(' ')[0] ?? '',
  'upgrade-firmware': device.version.text.split(' ')[0] ?? '',
}));

const license = reading('/system/license', (device) => ({
  'software-id': device.profile.softwareId,
  nlevel: '5',
  features: '',
}));

const power = (kind: 'reboot' | 'shutdown'): Command => ({
  parameters: [],
  policy: 'reboot',
  run: (_call, device) => {
    device.log.write('system,info', `router ${kind === 'reboot' ? 'rebooted' : 'shut down'} by user`);
    device.after(50, () => (kind === 'reboot' ? device.reboot('user') : device.shutDown()));
    return {};
  },
});

const system: Menu = { path: '/system', commands: { reboot: power('reboot'), shutdown: power('shutdown') } };

const logLine = (topic: string): Command => ({
  parameters: ['message'],
  positional: ['message'],
  policy: 'write',
  run: (call, device) => {
    const message = call.args.get('message');
    if (message === undefined) throw missingValues(['message']);
    device.log.write(`script,${topic}`, message);
    return {};
  },
});

const log = listing(
  '/log',
  (device) =>
    device.log.lines().map((line) => ({
      '.id': line.id,
      time: formatDateTime(line.at, device.version.isoDates),
      topics: line.topics,
      message: line.message,
    })),
  { info: logLine('info'), warning: logLine('warning'), error: logLine('error'), debug: logLine('debug') },
);

const activeUsers = listing('/user/active', (device) =>
  device.jobs
    .list()
    .filter((job) => job.start.type === 'api-login')
    .map((job) => ({
      '.id': job.id,
      when: formatDateTime(job.startedAt, device.version.isoDates),
      name: job.start.owner,
      address: '127.0.0.1',
      via: 'api',
    })),
);

/** `/execute`: in the background unless `as-string` is there, whatever its value. */
const execute: Command = {
  parameters: ['script', 'file', 'as-string'],
  policy: 'write',
  run: async (call, device) => {
    const script = call.args.get('script');
    if (script === undefined) throw missingValues(['script']);
    if (call.args.has('as-string')) return { ret: await device.runText(script, call.caller, call.caller.job) };
    return { ret: device.startText(script, call.caller, call.args.get('file') ?? null).id };
  },
};

export const rootMenu = (exported: readonly TableMenu[], executeOverApi: boolean): Menu => ({
  path: '',
  commands: { export: exportCommand(exported), ...(executeOverApi && { execute }) },
});

export const systemMenus: readonly Menu[] = [resource, clock, routerboard, license, system, log, activeUsers];
