import { hash } from 'node:crypto';
import { writeFile } from '../menus/file-menus.js';
import type { Caller } from '../menus/menu-call.js';
import { policySet } from '../menus/policies.js';
import { noSuchItem, notPermitted } from '../menus/routeros-error.js';
import { Evaluator } from '../script/evaluator.js';
import { Scope } from '../script/scope.js';
import { ExitSignal, ReturnSignal, ScriptError } from '../script/script-error.js';
import { ScriptHost } from '../script/script-host.js';
import { ScriptOutput } from '../script/script-output.js';
import { parseScript } from '../script/script-parser.js';
import { ScriptSyntaxError } from '../script/source-reader.js';
import type { Device, Starter } from './device.js';
import { JobKilled, type Job, type JobStart } from './job-table.js';
import type { Journal } from './journal.js';

const sha256 = (bytes: string): string => hash('sha256', Buffer.from(bytes, 'latin1'));

const executionOf = (script: string): string | null => /^ax-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\w+)/i.exec(script)?.[1] ?? null;

/** Runs text: in the foreground, in the background, or as an entry of `/system/script`. */
export class ScriptRunner {
  private readonly active = new Set<Promise<unknown>>();

  constructor(
    private readonly device: Device,
    private readonly journal: Journal,
  ) {}

  /** Resolves when nothing runs any more. */
  async settled(): Promise<void> {
    while (this.active.size > 0) await Promise.allSettled(this.active);
  }

  /** Gives what the text printed. An error is part of it, as `/execute as-string` shows it. */
  async text(source: string, caller: Caller, parent: Job): Promise<string> {
    const output = new ScriptOutput();
    await this.inJob({ type: 'command', owner: caller.user, script: null, parent }, (job) =>
      this.forgiving(source, { ...caller, job }, output),
    );
    return output.text('\r\n');
  }

  /** Detached: outlives the session that started it. Its errors are seen by nobody, unless there is a file. */
  background(source: string, { user, policies, job: startedBy }: Starter, file: string | null): Job {
    const { device } = this;
    const session = startedBy?.root().start.parent ?? null;
    const parent = device.conditions.detachedJobsDieWithSession ? session : null;
    const job = device.jobs.start({ type: 'command', owner: user, script: null, parent });
    const output = new ScriptOutput();
    const run = async (): Promise<void> => {
      try {
        await this.forgiving(source, { user, policies, origin: 'script', session: null, job }, output);
        if (file !== null) writeFile(device, file.includes('.') ? file : `${file}.txt`, '.txt file', output.text('\n'));
      } catch (error) {
        if (!(error instanceof JobKilled)) throw error;
      } finally {
        device.jobs.end(job);
      }
    };
    // The answer with the job's id leaves before the first command runs.
    void this.track(new Promise((resolve) => setImmediate(resolve)).then(run));
    return job;
  }

  /** Ends with the script; throws its `ScriptError`. Every start is in the journal before anything else happens. */
  async entry(id: string, caller: Caller): Promise<number> {
    const { device, journal } = this;
    const row = device.store.get('/system/script', id);
    if (!row) throw noSuchItem();
    const { name: script = '', source = '', policy } = row.fields;
    const mayRun = row.fields['dont-require-permissions'] === 'true' || [...policySet(policy)].every((each) => caller.policies.has(each));
    if (!mayRun) throw notPermitted();

    const run = journal.nextRun();
    const sourceSha256 = sha256(source);
    journal.append({
      kind: 'script-started',
      run,
      script,
      execution: executionOf(script),
      sourceSha256,
      uptimeMillis: device.uptimeMillis(),
    });
    device.starts.note(`/system/script ${id}`, device.clock());
    const output = new ScriptOutput();
    try {
      await this.inJob({ type: 'command', owner: caller.user, script, parent: caller.job }, (job) =>
        this.evaluate(source, { ...caller, job }, output, true),
      );
    } catch (error) {
      const outcome = error instanceof JobKilled ? 'killed' : error instanceof ExitSignal ? 'exited' : 'error';
      journal.append({ kind: 'script-ended', run, script, outcome, message: error instanceof Error ? error.message : null });
      throw error;
    }
    journal.append({ kind: 'script-ended', run, script, outcome: 'completed', message: null });
    return output.lists;
  }

  private async inJob(start: JobStart, action: (job: Job) => Promise<void>): Promise<void> {
    const job = this.device.jobs.start(start);
    try {
      await this.track(action(job));
    } finally {
      this.device.jobs.end(job);
    }
  }

  private track<Result>(work: Promise<Result>): Promise<Result> {
    const tracked = work.finally(() => this.active.delete(tracked));
    this.active.add(tracked);
    return tracked;
  }

  private async forgiving(source: string, caller: Caller, output: ScriptOutput): Promise<void> {
    try {
      await this.evaluate(source, caller, output, false);
    } catch (error) {
      if (error instanceof ScriptError) output.line(error.message);
      else if (!(error instanceof ExitSignal)) throw error;
    }
  }

  /** Throws `ScriptError`, also for text that cannot be read. */
  private async evaluate(source: string, caller: Caller, output: ScriptOutput, isEntry: boolean): Promise<void> {
    try {
      const statements = parseScript(source, this.device.tree);
      const inside: Caller = { ...caller, origin: 'script', session: null };
      const host = new ScriptHost(this.device, inside, output, isEntry);
      await new Evaluator(host).run(statements, new Scope(this.device.globals));
    } catch (error) {
      if (error instanceof ReturnSignal) return;
      if (error instanceof ScriptSyntaxError) throw new ScriptError(error.message);
      if (error instanceof RangeError) throw new ScriptError('script is nested too deeply');
      throw error;
    }
  }
}
