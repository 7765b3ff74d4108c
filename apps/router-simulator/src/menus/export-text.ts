import { formatDateTime } from '../router/router-time.js';
import type { Device } from '../router/device.js';
import type { TableMenu } from './menu.js';
import { names } from './table-values.js';

const quoted = (value: string): string => {
  if (/^[\w.:/,+*-]+$/.test(value)) return value;
  const escaped = value
    .replace(/["\\$?]/g, '\\$&')
    .replaceAll('\r', '\\r')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t');
  return `"${escaped}"`;
};

const shown = (table: TableMenu, name: string, value: string): string =>
  names(table.flags).includes(name) ? (value === 'true' ? 'yes' : 'no') : quoted(value);

const neverExported = new Set(['creation-time', 'dynamic', 'owner', 'invalid']);

const line = (table: TableMenu, fields: Readonly<Record<string, string>>, secrets: boolean): string => {
  const usual = table.single ?? table.defaults ?? {};
  const said = Object.entries(fields)
    .filter(([name, value]) => usual[name] !== value && !neverExported.has(name) && !(table.fixed && name === table.key))
    .filter(([name]) => secrets || !names(table.secret).includes(name))
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name}=${shown(table, name, value)}`);
  if (table.fixed) return said.length === 0 ? '' : ['set', fields[table.key ?? ''], ...said].join(' ');
  return said.length === 0 && table.single ? '' : [table.single ? 'set' : 'add', ...said].join(' ');
};

/** What the tables hold as a script, with the header that every export starts with. */
export const exportText = (tables: readonly TableMenu[], device: Device, secrets: boolean): string => {
  const { profile, version } = device;
  const header = [
    `# ${formatDateTime(device.clock(), version.isoDates)} by RouterOS ${version.text.split(' ')[0] ?? ''}`,
    `# software id = ${profile.softwareId}`,
    '#',
    `# model = ${profile.model}`,
    `# serial number = ${device.conditions.serial ?? profile.serial}`,
  ];
  const body = tables.flatMap((table) => {
    const lines = device.store
      .rows(table.path)
      .map((row) => line(table, row.fields, secrets))
      .filter((text) => text !== '');
    return lines.length === 0 ? [] : [table.path.replaceAll('/', ' ').replace(' ', '/'), ...lines];
  });
  return [...header, ...body, ''].join(version.atLeast(7, 0) ? '\n' : '\r\n');
};
