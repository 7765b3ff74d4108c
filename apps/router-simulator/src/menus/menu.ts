import type { Device } from '../router/device.js';
import type { Fields } from '../router/config-store.js';
import type { Caller, CommandResult, MenuCall, PrintedRow } from './menu-call.js';

export interface Command {
  /** Null accepts every name. */
  readonly parameters: readonly string[] | null;
  readonly positional?: readonly string[];
  readonly conditions?: 'bare' | 'where';
  readonly policy?: string;
  /** `find` and friends exist in scripts only. */
  readonly scriptOnly?: boolean;
  run(call: MenuCall, device: Device): CommandResult | Promise<CommandResult>;
}

export interface Menu {
  readonly path: string;
  readonly commands: Readonly<Record<string, Command>>;
  /** For menus that show rows: what `print`, `get` and `find` see. */
  rows?(device: Device): PrintedRow[];
}

/** A menu of stored rows. */
export interface TableMenu {
  readonly path: string;
  /** One row that cannot be added or removed, such as `/system/identity`. */
  readonly single?: Fields;
  /** Space-separated names. */
  readonly fields: string;
  /** Fields that are yes or no. */
  readonly flags?: string;
  readonly times?: string;
  readonly defaults?: Fields;
  readonly required?: string;
  /** Items are unique by this field, can be named by it, and `duplicate` is said of a second one. */
  readonly key?: string;
  readonly duplicate?: string;
  readonly choices?: Readonly<Record<string, readonly string[]>>;
  /** Fields whose value must be an address, with or without a prefix length. */
  readonly addresses?: string;
  /** Fields that name an interface that exists. */
  readonly interfaces?: string;
  /** Never shown; exported only with `show-sensitive`. */
  readonly secret?: string;
  readonly writePolicy?: string;
  /** Rows keep an order that matters. */
  readonly ordered?: boolean;
  /** Rows can be changed, but neither added nor removed. */
  readonly fixed?: boolean;
  /** Not part of an export. */
  readonly unexported?: boolean;
  /** What the router adds to a row when it shows it. */
  show?(fields: Fields, id: string, device: Device): Record<string, string>;
  /** Before a row is written; may refuse by throwing and may complete the fields. */
  check?(fields: Record<string, string>, caller: Caller, device: Device): void;
  /** After any write. */
  written?(device: Device): void;
  readonly more?: Readonly<Record<string, Command>>;
}
