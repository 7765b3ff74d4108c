import type { Caller, PrintedRow } from '../menus/menu-call.js';
import type { Device } from '../router/device.js';
import type { Job } from '../router/job-table.js';
import { printedText } from './printed-text.js';
import type { ScriptOutput } from './script-output.js';
import type { Position } from './source-reader.js';
import type { Statement } from './syntax-tree.js';

const statementsPerTurn = 250;

/** What one script runs in: on which router, for whom, at what pace, and where its output goes. */
export class ScriptHost {
  private sinceTurn = 0;
  private line = 0;

  constructor(
    readonly device: Device,
    readonly caller: Caller,
    private readonly output: ScriptOutput,
    /** Whose lines are counted for faults: true for entries of `/system/script`. */
    private readonly isEntry: boolean,
  ) {}

  get job(): Job {
    return this.caller.job;
  }

  /** Before each statement. */
  async reach(statement: Statement): Promise<void> {
    this.job.assertAlive();
    await this.giveWay();
    if (this.isEntry && 'at' in statement) await this.noteLine(statement.at.line);
  }

  /** A script that never waits must not stop the other routers. */
  async giveWay(): Promise<void> {
    this.sinceTurn += 1;
    if (this.sinceTurn < statementsPerTurn) return;
    this.sinceTurn = 0;
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    this.job.assertAlive();
  }

  print(text: string): void {
    this.output.line(text);
  }

  printRows(rows: readonly PrintedRow[]): void {
    this.output.lists += 1;
    this.output.line(printedText(rows));
  }

  withOrigin(message: string, path: string, argument: string | null, at: Position): string {
    if (!this.device.version.errorOrigins) return message;
    return `${message} (${path}${argument === null ? '' : ` (${argument})`}; line ${at.line})`;
  }

  private async noteLine(line: number): Promise<void> {
    const previous = this.line;
    this.line = line;
    if (line !== previous) await this.device.beforeLine(this.job, line, previous);
  }
}
