import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { faultsSchema, type Faults } from './fault-schema.js';

/** Faults stay until they are taken away, also over a restart of the simulator. */
export class FaultFile {
  constructor(private readonly file: string) {}

  read(): Faults | null {
    return existsSync(this.file) ? faultsSchema.parse(JSON.parse(readFileSync(this.file, 'utf8'))) : null;
  }

  write(faults: Faults): void {
    writeFileSync(`${this.file}.new`, `${JSON.stringify(faults, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${this.file}.new`, this.file);
  }
}
