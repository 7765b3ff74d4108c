import type { Fields, Row } from '../router/config-store.js';
import type { Device } from '../router/device.js';
import { ItemId } from '../script/literal.js';
import { ArrayValue, fromProperty } from '../script/values.js';
import type { Command, Menu, TableMenu } from './menu.js';
import type { MenuCall, PrintedRow } from './menu-call.js';
import { failure, missingValues, noSuchItem, RouterOsError, trapCategory } from './routeros-error.js';
import { names, normalise } from './table-values.js';

const printParameters = ['file', 'from', 'interval', 'proplist', 'follow', 'follow-only', 'count-only', 'as-value'];

/** `print` for anything that shows rows. */
export const printCommand = (list: (device: Device) => PrintedRow[]): Command => ({
  parameters: printParameters,
  positional: ['from'],
  conditions: 'where',
  policy: 'read',
  run: async (call, device) => {
    const all = list(device);
    const rows = call.select ? await call.select(all) : all;
    if (call.args.has('count-only')) return { ret: String(rows.length), value: rows.length };
    return { rows, value: ArrayValue.of(rows.map(asMap)) };
  },
});

const asMap = (row: PrintedRow): ArrayValue =>
  new ArrayValue(Object.entries(row).map(([key, value]) => ({ key, value: fromProperty(key, value) })));

/** `get` of one row, whole or one property. */
export const getCommand = (pick: (call: MenuCall, device: Device) => PrintedRow, isSingle = false): Command => ({
  parameters: ['number', 'value-name', '.id'],
  positional: isSingle ? ['value-name'] : ['number', 'value-name'],
  policy: 'read',
  run: (call, device) => {
    const row = pick(call, device);
    const name = call.args.get('value-name');
    if (name === undefined) {
      const pairs = Object.entries(row).map((pair) => pair.join('='));
      return { ret: pairs.join(';'), value: asMap(row) };
    }
    // A property that is not set reads as nothing.
    return { ret: row[name] ?? '', value: fromProperty(name, row[name]) };
  },
});

export const findCommand = (list: (device: Device) => PrintedRow[]): Command => ({
  parameters: [],
  conditions: 'bare',
  policy: 'read',
  scriptOnly: true,
  run: async (call, device) => {
    const all = list(device);
    const rows = call.select ? await call.select(all) : all;
    return { value: ArrayValue.of(rows.map((row) => new ItemId(row['.id'] ?? '*0'))) };
  },
});

/** Add, set, print, remove and the rest for a menu of stored rows. */
export const tableMenu = (table: TableMenu): Menu => {
  const fields = names(table.fields);
  const writePolicy = table.writePolicy ?? 'write';
  const rows = (device: Device): PrintedRow[] => device.store.rows(table.path).map((row) => shown(table, row, device));

  const pick = (call: MenuCall, device: Device): PrintedRow => {
    const [row] = targets(table, call, device);
    if (!row) throw noSuchItem();
    return shown(table, row, device);
  };

  type Edit = (row: Row, call: MenuCall, device: Device) => void;
  const change = (edit: Edit, more: readonly string[] = [], positional: readonly string[] = []): Command => ({
    parameters: [...(table.single ? [] : ['numbers', '.id']), ...more],
    positional: [...(table.single ? [] : ['numbers']), ...positional],
    policy: writePolicy,
    run: (call, device) => {
      for (const row of targets(table, call, device, device.conditions.missingItems)) edit(row, call, device);
      table.written?.(device);
      return {};
    },
  });

  const add: Command = {
    parameters: [...fields, 'copy-from', ...(table.ordered ? ['place-before'] : [])],
    policy: writePolicy,
    run: (call, device) => {
      const id = insert(table, call, device);
      table.written?.(device);
      return { ret: id, value: new ItemId(id) };
    },
  };

  const set = change((row, call, device) => device.store.update(table.path, row.id, changed(table, row, call, device)), fields);

  const flip = (disabled: boolean): Command =>
    change((row, _call, device) => device.store.update(table.path, row.id, { ...row.fields, disabled: String(disabled) }));

  const remove = change((row, _call, device) => {
    if (row.fields['dynamic'] === 'true') throw failure('cannot remove dynamic entry');
    device.store.remove(table.path, row.id);
  });

  const withoutField: Edit = (row, call, device) => {
    const { [call.args.get('value-name') ?? '']: _gone, ...rest } = row.fields;
    device.store.update(table.path, row.id, rest);
  };

  const toPlace: Edit = (row, call, device) =>
    device.store.move(table.path, row.id, destination(table, call.args.get('destination'), device));

  const base: Record<string, Command> = { print: printCommand(rows), get: getCommand(pick, table.single !== undefined), set };
  if (!table.single) Object.assign(base, { find: findCommand(rows), unset: change(withoutField, ['value-name'], ['value-name']) });
  if (!table.single && !table.fixed) Object.assign(base, { add, remove });
  if (!table.single && fields.includes('disabled')) Object.assign(base, { enable: flip(false), disable: flip(true) });
  if (table.ordered) base['move'] = change(toPlace, ['destination'], ['destination']);
  return { path: table.path, commands: { ...base, ...table.more }, rows };
};

const shown = (table: TableMenu, row: Row, device: Device): PrintedRow => {
  const visible = Object.entries(row.fields).filter(([name]) => !names(table.secret).includes(name));
  return { ...(table.single ? {} : { '.id': row.id }), ...Object.fromEntries(visible), ...table.show?.(row.fields, row.id, device) };
};

/** The rows that a command names by id, by name, or in scripts by their place. Throws when one does not exist. */
export const targets = (table: TableMenu, call: MenuCall, device: Device, missing: 'error' | 'ignored' = 'error'): readonly Row[] => {
  if (table.single) return device.store.rows(table.path);
  if (call.numbers === null) throw missingValues(['numbers']);
  const rows = device.store.rows(table.path);
  return call.numbers.flatMap((token) => {
    const row =
      rows.find((candidate) => candidate.id.toUpperCase() === token.toUpperCase()) ??
      (table.key ? rows.find((candidate) => candidate.fields[table.key ?? ''] === token) : undefined) ??
      (call.caller.origin === 'script' && /^\d+$/.test(token) ? rows[Number(token)] : undefined);
    if (!row && missing === 'error') throw noSuchItem();
    return row ?? [];
  });
};

const destination = (table: TableMenu, token: string | undefined, device: Device): string | null => {
  if (token === undefined || token === '') return null;
  const rows = device.store.rows(table.path);
  const row = rows.find((candidate) => candidate.id === token) ?? (/^\d+$/.test(token) ? rows[Number(token)] : undefined);
  if (!row) throw noSuchItem();
  return row.id;
};

const assertUnique = (table: TableMenu, fields: Fields, except: string | null, device: Device): void => {
  const { key } = table;
  if (key === undefined || fields[key] === undefined) return;
  const twin = device.store.rows(table.path).find((row) => row.id !== except && row.fields[key] === fields[key]);
  if (twin) throw failure(table.duplicate ?? 'item with this name already exists');
};

const assigned = (table: TableMenu, call: MenuCall, device: Device): Record<string, string> => {
  const fields: Record<string, string> = {};
  for (const [name, value] of call.args) {
    if (names(table.fields).includes(name)) fields[name] = normalise(table, name, value, device);
  }
  return fields;
};

const changed = (table: TableMenu, row: Row, call: MenuCall, device: Device): Fields => {
  if (row.fields['dynamic'] === 'true') throw failure('can not change dynamic entry');
  const fields: Record<string, string> = { ...row.fields, ...assigned(table, call, device) };
  for (const name of call.unset) delete fields[name];
  assertUnique(table, fields, row.id, device);
  table.check?.(fields, call.caller, device);
  return fields;
};

const insert = (table: TableMenu, call: MenuCall, device: Device): string => {
  const copied = call.args.get('copy-from');
  const original = copied === undefined ? null : device.store.get(table.path, copied);
  if (copied !== undefined && !original) throw noSuchItem();
  const fields = { ...table.defaults, ...original?.fields, ...assigned(table, call, device) };
  const missing = names(table.required).filter((name) => fields[name] === undefined);
  if (missing.length > 0) throw missingValues(missing);
  if (table.key && fields[table.key] === '') throw new RouterOsError(`${table.key} can not be empty`, trapCategory.argument);
  assertUnique(table, fields, null, device);
  table.check?.(fields, call.caller, device);
  return device.store.insert(table.path, fields, destination(table, call.args.get('place-before'), device));
};
