import { formatDateTime } from '../router/router-time.js';
import type { Device } from '../router/device.js';
import { exportText } from './export-text.js';
import type { Command, Menu, TableMenu } from './menu.js';
import type { MenuCall } from './menu-call.js';
import { failure, invalidValue, missingValues, noSuchItem, notPermitted } from './routeros-error.js';
import { tableMenu } from './table-menu.js';

const files = '/file';

/** Writes a file that is there a moment later, as on flash memory. */
export const writeFile = (device: Device, name: string, type: string, contents: string): void => {
  const write = (): void => {
    const fields = { name, type, size: String(contents.length), contents, written: String(device.clock()) };
    const old = device.store.rows(files).find((row) => row.fields['name'] === name);
    if (old) device.store.update(files, old.id, fields);
    else device.store.insert(files, fields);
  };
  if (device.conditions.fileDelayMillis === 0) write();
  else device.after(device.conditions.fileDelayMillis, write);
};

/** Only small files are shown in whole. */
const shownInWhole = (device: Device): number => (device.version.atLeast(7, 0) ? 61_440 : 4_096);

const fileTable: TableMenu = {
  path: files,
  fields: 'name contents type',
  required: 'name',
  key: 'name',
  duplicate: 'file already exists',
  defaults: { type: 'file', contents: '' },
  secret: 'written contents',
  unexported: true,
  check: (fields, _caller, device) => {
    fields['size'] = String((fields['contents'] ?? '').length);
    fields['written'] = String(device.clock());
  },
  show: (fields, _id, device) => {
    const { contents = '', written = '0', type } = fields;
    const isShown = contents.length <= shownInWhole(device) && type !== 'backup';
    return {
      [device.version.atLeast(7, 0) ? 'last-modified' : 'creation-time']: formatDateTime(Number(written), device.version.isoDates),
      ...(isShown && { contents }),
    };
  },
};

const readFile: Command = {
  parameters: ['file', 'offset', 'chunk-size'],
  positional: ['file'],
  policy: 'read',
  run: (call, device) => {
    const name = call.args.get('file');
    if (name === undefined) throw missingValues(['file']);
    const row = device.store.rows(files).find((candidate) => candidate.fields['name'] === name);
    if (!row) throw noSuchItem();
    const offset = count(call, 'offset', 0);
    const size = count(call, 'chunk-size', 32_768);
    if (size < 1 || size > 32_768) throw invalidValue('chunk-size');
    const data = (row.fields['contents'] ?? '').slice(offset, offset + size);
    return { rows: [{ data }], value: undefined };
  },
};

const count = (call: MenuCall, name: string, otherwise: number): number => {
  const text = call.args.get(name);
  if (text === undefined) return otherwise;
  if (!/^\d+$/.test(text)) throw invalidValue(name);
  return Number(text);
};

export const fileMenu = (hasRead: boolean): Menu => tableMenu({ ...fileTable, ...(hasRead && { more: { read: readFile } }) });

/** Nothing comes back: the text is in the file, or in a script's output. */
export const exportCommand = (tables: readonly TableMenu[]): Command => ({
  parameters: ['file', 'compact', 'verbose', 'terse', 'hide-sensitive', 'show-sensitive'],
  policy: 'read',
  run: (call, device) => {
    const { exportFails } = device.conditions;
    if (exportFails === 'refused') throw failure('export failed: not enough space on disk');
    const secrets = device.version.hidesSensitive ? call.args.has('show-sensitive') : !call.args.has('hide-sensitive');
    if (secrets && !call.caller.policies.has('sensitive')) throw notPermitted();
    const name = call.args.get('file');
    const text = exportText(tables, device, secrets);
    if (name === undefined) return { value: text };
    if (exportFails === 'no') writeFile(device, name.endsWith('.rsc') ? name : `${name}.rsc`, 'script', text);
    return {};
  },
});

const saveBackup = (tables: readonly TableMenu[]): Command => ({
  parameters: ['name', 'password', 'dont-encrypt', 'encryption'],
  policy: 'policy',
  run: (call, device) => {
    if (device.conditions.exportFails === 'refused') throw failure('backup failed: not enough space on disk');
    const name = call.args.get('name') ?? `${device.profile.identity}-${device.clock()}`;
    if (device.conditions.exportFails === 'no') {
      const file = name.endsWith('.backup') ? name : `${name}.backup`;
      writeFile(device, file, 'backup', `\x88\xac\xa1\xb1${exportText(tables, device, true)}`);
    }
    return {};
  },
});

export const backupMenu = (tables: readonly TableMenu[]): Menu => ({
  path: '/system/backup',
  commands: { save: saveBackup(tables) },
});
