import type { Device } from '../router/device.js';
import type { Command, Menu } from './menu.js';
import type { PrintedRow } from './menu-call.js';
import { noSuchItem } from './routeros-error.js';
import { findCommand, getCommand, printCommand } from './table-menu.js';

/** A menu with one row that the router makes up. */
export const reading = (path: string, show: (device: Device) => PrintedRow): Menu => ({
  path,
  rows: (device) => [show(device)],
  commands: { print: printCommand((device) => [show(device)]), get: getCommand((_call, device) => show(device), true) },
});

/** A menu of rows that the router makes up. */
export const listing = (path: string, rows: (device: Device) => PrintedRow[], more: Readonly<Record<string, Command>> = {}): Menu => ({
  path,
  rows,
  commands: {
    print: printCommand(rows),
    find: findCommand(rows),
    get: getCommand((call, device) => {
      const row = rows(device).find((candidate) => candidate['.id'] === call.numbers?.[0]);
      if (!row) throw noSuchItem();
      return row;
    }),
    ...more,
  },
});
