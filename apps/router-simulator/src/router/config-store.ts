import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';

export type Fields = Readonly<Record<string, string>>;

export interface Row {
  /** `*` and a number in upper-case hex. */
  readonly id: string;
  readonly fields: Fields;
}

interface Table {
  nextId: number;
  rows: Row[];
}

type Tables = Map<string, Table>;

/** One write. `fields: null` removes; `before` places the row, null at the end, absent where it is. */
interface Write {
  readonly at: number;
  readonly menu: string;
  readonly id: string;
  readonly fields: Fields | null;
  readonly before?: string | null;
}

type StoredLine = Write | { readonly base: Readonly<Record<string, Table>> };

const compactFrom = 4_000_000;

/**
 * The configuration of one router: every write goes to the file at once, as a log, so that a loss of power can take back the
 * last seconds, as flash memory that is written late does.
 */
export class ConfigStore {
  private tables: Tables = new Map();
  private descriptor: number;
  private bytes = 0;

  constructor(
    private readonly file: string,
    private readonly now: () => number,
  ) {
    this.compact(this.load(Number.POSITIVE_INFINITY).tables, []);
    this.descriptor = openSync(file, 'a');
  }

  rows(menu: string): readonly Row[] {
    return this.tables.get(menu)?.rows ?? [];
  }

  get(menu: string, id: string): Row | null {
    return this.rows(menu).find((row) => row.id === id) ?? null;
  }

  insert(menu: string, fields: Fields, before: string | null = null): string {
    const id = `*${(this.tables.get(menu)?.nextId ?? 1).toString(16).toUpperCase()}`;
    this.write({ at: this.now(), menu, id, fields, before });
    return id;
  }

  update(menu: string, id: string, fields: Fields): void {
    this.write({ at: this.now(), menu, id, fields });
  }

  remove(menu: string, id: string): void {
    this.write({ at: this.now(), menu, id, fields: null });
  }

  move(menu: string, id: string, before: string | null): void {
    const row = this.get(menu, id);
    if (row) this.write({ at: this.now(), menu, id, fields: row.fields, before });
  }

  /** The loss of power: forgets every write after `cutoff` (epoch milliseconds) and gives their number. */
  forgetAfter(cutoff: number): number {
    const { tables, later } = this.load(cutoff);
    closeSync(this.descriptor);
    this.compact(tables, []);
    this.descriptor = openSync(this.file, 'a');
    return later.length;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private write(write: Write): void {
    apply(this.tables, write);
    const line = `${JSON.stringify(write)}\n`;
    writeSync(this.descriptor, line);
    this.bytes += line.length;
    if (this.bytes > compactFrom) this.shorten();
  }

  /** Keeps the last two minutes as single writes: no flash is later than that. */
  private shorten(): void {
    const cutoff = this.now() - 120_000;
    const { tables, later } = this.load(cutoff);
    closeSync(this.descriptor);
    this.compact(tables, later);
    this.descriptor = openSync(this.file, 'a');
  }

  private compact(tables: Tables, later: readonly Write[]): void {
    const lines: StoredLine[] = [{ base: Object.fromEntries(tables) }, ...later];
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    writeFileSync(`${this.file}.new`, text, { mode: 0o600 });
    renameSync(`${this.file}.new`, this.file);
    this.tables = tables;
    for (const write of later) apply(this.tables, write);
    this.bytes = later.length === 0 ? 0 : text.length;
  }

  private load(cutoff: number): { tables: Tables; later: Write[] } {
    const tables: Tables = new Map();
    const later: Write[] = [];
    const text = existsSync(this.file) ? readFileSync(this.file, 'utf8') : '';
    // What follows the last line end is a write that the end of the process tore apart.
    for (const line of text.split('\n').slice(0, -1)) {
      const entry = JSON.parse(line) as StoredLine;
      if ('base' in entry) for (const [menu, table] of Object.entries(entry.base)) tables.set(menu, table);
      else if (entry.at <= cutoff) apply(tables, entry);
      else later.push(entry);
    }
    return { tables, later };
  }
}

const apply = (tables: Tables, write: Write): void => {
  const table = tables.get(write.menu) ?? { nextId: 1, rows: [] };
  tables.set(write.menu, table);
  table.nextId = Math.max(table.nextId, Number.parseInt(write.id.slice(1), 16) + 1);
  const index = table.rows.findIndex((row) => row.id === write.id);
  if (write.fields === null) {
    if (index >= 0) table.rows.splice(index, 1);
    return;
  }
  const row = { id: write.id, fields: write.fields };
  if (index >= 0 && write.before === undefined) {
    table.rows[index] = row;
    return;
  }
  if (index >= 0) table.rows.splice(index, 1);
  const place = write.before ? table.rows.findIndex((other) => other.id === write.before) : -1;
  table.rows.splice(place < 0 ? table.rows.length : place, 0, row);
};
