import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { serviceEnvironment } from './environment/service.environment.js';
import { runMain, type Host } from './run-main.js';
import type { ServiceDefinition } from './service.js';
import { definitionOf, type Definition } from './testing/fixture.js';
import { ThingsModule } from './testing/things.module.js';

/** A process whose end is an event. */
class TestHost extends EventEmitter implements Host {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  out = '';
  err = '';
  readonly stdout = { write: (text: string) => void (this.out += text) };
  readonly stderr = { write: (text: string) => void (this.err += text) };
  readonly codes: number[] = [];
  readonly exited: Promise<number>;

  constructor(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
    super();
    this.argv = ['node', import.meta.filename, ...args];
    this.env = { NODE_ENV: 'test', LOG_LEVEL: 'silent', PORT: '0', ...env };
    this.exited = new Promise((resolve) => this.once('exit', resolve));
  }

  exit(code: number): void {
    this.codes.push(code);
    this.emit('exit', code);
  }
}

interface Latch {
  readonly opened: Promise<void>;
  readonly open: () => void;
}

function latch(): Latch {
  const emitter = new EventEmitter();
  return { opened: new Promise((resolve) => emitter.once('open', resolve)), open: () => void emitter.emit('open') };
}

const closing = (close: () => Promise<void>): Definition => definitionOf(ThingsModule, {}, close);

describe('main', () => {
  it.each(['--help', '-h'])('helps and starts nothing: %s', async (argument) => {
    const host = new TestHost([argument]);
    await runMain(definitionOf(ThingsModule), host);
    expect([host.codes, host.err]).toEqual([[0], '']);
    expect(host.out).toMatch(/^things: Keeps things for tests\.\n/);
  });

  it('migrates and starts nothing: --migrate', async () => {
    const migrated: string[] = [];
    const migrate = (env: { readonly NODE_ENV: string }) => Promise.resolve(void migrated.push(env.NODE_ENV));
    const host = new TestHost(['--migrate']);
    await runMain({ ...definitionOf(ThingsModule), migrate }, host);
    expect([host.codes, migrated]).toEqual([[0], ['test']]);
    const broken = new TestHost(['--migrate']);
    await runMain({ ...definitionOf(ThingsModule), migrate: () => Promise.reject(new Error('no such server')) }, broken);
    expect(broken.codes).toEqual([1]);
  });

  it('runs a command of the service, which says how it ended', async () => {
    const command = {
      usage: 'WORD',
      description: 'repeats a word',
      run: (_env: unknown, [word = '']: readonly string[], print: (line: string) => void) => {
        print(word);
        return Promise.resolve(word === '' ? 2 : 0);
      },
    };
    const definition = { ...definitionOf(ThingsModule), commands: { '--echo': command } };
    const [help, said, silent] = [new TestHost(['--help']), new TestHost(['--echo', 'ok']), new TestHost(['--echo'])];
    for (const host of [help, said, silent]) await runMain(definition, host);
    expect(help.out).toContain('--echo WORD  repeats a word');
    expect([said.codes, said.out, silent.codes]).toEqual([[0], 'ok\n', [2]]);
  });

  it('tells the version of its package', async () => {
    const host = new TestHost(['--version']);
    await runMain(definitionOf(ThingsModule), host);
    expect([host.codes, host.out]).toEqual([[0], 'things 0.1.0\n']);
  });

  it.each(['start', '--port=80', '--Help', ''])('does not know the argument "%s"', async (argument) => {
    const host = new TestHost([argument]);
    await runMain(definitionOf(ThingsModule), host);
    expect([host.codes, host.out]).toEqual([[2], '']);
    expect(host.err).toContain('--help');
  });

  it('lists what is wrong with the environment', async () => {
    const schema = serviceEnvironment.extend({ DATABASE_URL: z.string() });
    const definition: ServiceDefinition<typeof schema> = { ...definitionOf(ThingsModule), environment: schema };
    const host = new TestHost([], { PORT: 'hunter2' });
    await runMain(definition, host);
    expect(host.codes).toEqual([2]);
    expect(host.err).toMatch(/PORT: .*\n.*DATABASE_URL: is required\n/);
    expect(host.err).not.toContain('hunter2');
  });

  it('ends with 1 when it cannot start', async () => {
    const host = new TestHost();
    await runMain({ ...definitionOf(ThingsModule), create: () => Promise.reject(new Error('no database')) }, host);
    expect(host.codes).toEqual([1]);
  });

  it.each(['SIGTERM', 'SIGINT'])('stops at %s', async (signal) => {
    let closed = 0;
    const host = new TestHost();
    await runMain(
      closing(async () => void (closed += 1)),
      host,
    );
    host.emit(signal);
    expect([await host.exited, closed, host.codes]).toEqual([0, 1, [0]]);
  });

  it('ends at once at the second signal', async () => {
    const held = latch();
    const host = new TestHost();
    await runMain(
      closing(() => held.opened),
      host,
    );
    host.emit('SIGTERM');
    host.emit('SIGINT');
    expect(await host.exited).toBe(130);
    held.open();
  });

  it('gives up a start that is under way, whatever that waits for, and closes what it has opened', async () => {
    const [begun, held, late] = [latch(), latch(), latch()];
    const events: string[] = [];
    const host = new TestHost();
    const main = runMain(
      {
        ...definitionOf(ThingsModule),
        create: async ({ opened, stopping }) => {
          opened('pool', { close: async () => void events.push('close pool') });
          stopping.addEventListener('abort', () => events.push('stopping'));
          begun.open();
          await held.opened;
          opened('store', { close: async () => late.open() });
          throw new Error('nobody hears of this');
        },
      },
      host,
    );
    await begun.opened;
    host.emit('SIGTERM');
    await main;
    expect([host.codes, events]).toEqual([[0], ['stopping', 'close pool']]);
    held.open();
    await late.opened;
  });

  it('gives up a start whose worker does not come up', async () => {
    const begun = latch();
    const events: string[] = [];
    const start = (): Promise<void> => {
      begun.open();
      return new Promise(() => {});
    };
    const host = new TestHost();
    const main = runMain(
      definitionOf(ThingsModule, { workers: [{ name: 'w', start, stop: async () => void events.push('stop w') }] }),
      host,
    );
    await begun.opened;
    host.emit('SIGTERM');
    await main;
    expect([host.codes, events]).toEqual([[0], ['stop w']]);
  });

  it.each(['uncaughtException', 'unhandledRejection'])('drains and ends with 1 after an %s', async (event) => {
    let closed = 0;
    const host = new TestHost();
    await runMain(
      closing(async () => void (closed += 1)),
      host,
    );
    host.emit(event, new Error('nobody handled this'));
    expect([await host.exited, closed]).toEqual([1, 1]);
  });

  it('ends with 1 when something breaks during a stop', async () => {
    const [closes, held] = [latch(), latch()];
    const host = new TestHost();
    await runMain(
      closing(() => {
        closes.open();
        return held.opened;
      }),
      host,
    );
    host.emit('SIGTERM');
    await closes.opened;
    host.emit('unhandledRejection', new Error('too late'));
    held.open();
    expect(await host.exited).toBe(1);
  });
});
