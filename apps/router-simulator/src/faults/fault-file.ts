import { existsSync, readFileSync } from 'node:fs';
import { writePrivately } from '../router/private-file.js';
import { faultsSchema, type Faults } from './fault-schema.js';

/** Faults stay until they are taken away, also over a restart of the simulator. */
export class FaultFile {
  constructor(private readonly file: string) {}

  read(): Faults | null {
    return existsSync(this.file) ? faultsSchema.parse(JSON.parse(readFileSync(this.file, 'utf8'))) : null;
  }

  write(faults: Faults): void {
    writePrivately(this.file, faults);
  }
}
