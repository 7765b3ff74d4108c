import { createHash } from 'node:crypto';
import type { Caller } from '../menus/menu.js';
import { writeFile } from '../menus/file-menus.js';
import { policySet } from '../menus/policies.js';
import { noSuchItem, notPermitted, RouterOsError, trapCategory } from '../menus/routeros-error.js';
import { Evaluator } from '../script/evaluator.js';
import { Scope } from '../script/scope.js';
import { ExitSignal, ReturnSignal, ScriptError } from '../script/script-error.js';
import { parseScript } from '../script/script-parser.js';
import { ScriptSyntaxError } from '../script/source-reader.js';
import type { Device } from './device.js';
import type { Job } from './job-table.js';
import { JobKilled } from './job-table.js';
import type { Journal } from './journal.js';

const sha256OfBytes = (text: string): string => createHash('sha256').update(Buffer.from(text, 'latin1')).digest('hex');

const executionOf = (script: string): string | null => /^ax-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\w+)/i.exec(script)?.[1] ?? null;

/** Runs text: in the foreground, in the background, or as an entry of `/system/script`. */
export class ScriptRunner {
  constructor(
    private readonly device: Device,
    private readonly journal: Journal,
  ) {}

  /** Gives what the text printed. Errors are part of it, as `/execute as-string` shows them. */
  async text(source: string, caller: Caller, parent: Job): Promise<string> {
    const job = this.device.jobs.start({ type: 'command', owner: caller.user, script: null, parent });
    const output: string[] = [];
    try {
      await this.evaluate(source, { ...caller, origin: 'script', session: null, job }, output, false);
    } catch (error) {
      if (!(error instanceof ScriptError)) throw error;
      output.push(error.message);
    } finally {
      this.device.jobs.end(job);
    }
    return output.join('\r\n');
  }

  /** Detached: outlives the session that started it. Its errors are seen by nobody. */
  background(source: string, owner: string, policies: ReadonlySet<string>, file: string | null): Job {
    const job = this.device.jobs.start({ type: 'command', owner, script: null, parent: null });
    const output: string[] = [];
    const caller: Caller = { user: owner, policies, origin: 'script', session: null, job };
    const run = async (): Promise<void> => {
      try {
        await this.evaluate(source, caller, output, false);
      } catch (error) {
        if (error instanceof JobKilled) return;
        if (!(error instanceof ScriptError)) throw error;
        output.push(error.message);
      } finally {
        this.device.jobs.end(job);
      }
      if (file !== null) writeFile(this.device, file.includes('.') ? file : `${file}.txt`, '.txt file', output.join('\n'));
    };
    setImmediate(() => void run());
    return job;
  }

  async entry(id: string, caller: Caller): Promise<void> {
    const { device, journal } = this;
    const row = device.store.get('/system/script', id);
    if (!row) throw noSuchItem();
    const { name = '', source = '', policy } = row.fields;
    const mayRun = row.fields['dont-require-permissions'] === 'true' || [...policySet(policy)].every((each) => caller.policies.has(each));
    if (!mayRun) throw notPermitted();

    const job = device.jobs.start({ type: 'command', owner: caller.user, script: name, parent: caller.job });
    const run = journal.nextRun();
    device.starts.note(`/system/script ${id}`, device.clock());
    const uptimeMillis = device.uptimeMillis();
    journal.append({
      kind: 'script-started',
      run,
      script: name,
      execution: executionOf(name),
      sourceSha256: sha256OfBytes(source),
      uptimeMillis,
    });
    const ended = (outcome: 'completed' | 'error' | 'killed', message: string | null): void =>
      journal.append({ kind: 'script-ended', run, script: name, outcome, message });
    try {
      await this.evaluate(source, { ...caller, origin: 'script', session: null, job }, [], true);
      ended('completed', null);
    } catch (error) {
      if (error instanceof JobKilled) ended('killed', error.message);
      else if (error instanceof ExitSignal) ended('completed', 'exit');
      else ended('error', error instanceof Error ? error.message : null);
      // What the entry says went wrong is already complete: the command that ran it adds nothing.
      throw error;
    } finally {
      device.jobs.end(job);
    }
  }

  /** Throws `ScriptError`, also for text that cannot be read. An `:exit` ends the outermost text quietly. */
  private async evaluate(source: string, caller: Caller, output: string[], isEntry: boolean): Promise<void> {
    try {
      const statements = parseScript(source, this.device.tree);
      await new Evaluator(this.device, caller, output, isEntry).run(statements, new Scope(this.device.globals));
    } catch (error) {
      if (error instanceof ReturnSignal || (error instanceof ExitSignal && !isEntry)) return;
      if (error instanceof ScriptSyntaxError) throw new ScriptError(error.message);
      throw error;
    }
  }
}

/** A script's error as a session is told of it. */
export const asTrap = (error: ScriptError): RouterOsError => new RouterOsError(error.message, trapCategory.scripting);
