import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describeWithKafka, startKafka } from './index.mjs';

jest.setTimeout(120_000);

const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const until = async (holds) => {
  while (!(await holds())) await pause(20);
};

/** ApiVersions 0, which every broker answers to. */
const question = Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 7, 0xff, 0xff]);

const answers = (port) =>
  new Promise((done) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(question));
    socket.setTimeout(500, () => socket.destroy());
    socket.once('data', (answer) => {
      socket.destroy();
      done(answer.readInt32BE(4) === 7);
    });
    socket.once('error', () => undefined);
    socket.once('close', () => done(false));
  });

const runSample = (ci) => {
  const config = { displayName: 'sample', testMatch: ['**/sample.mjs'], transform: {} };
  const folder = mkdtempSync(join(tmpdir(), 'scheduled-scripts-sample-'));
  const suites = pathToFileURL(join(import.meta.dirname, 'suites.mjs')).href;
  const missing = "{ available: false, reason: 'no Java was found' }";
  const sample = `
    import { describeWithKafka } from '${suites}';
    describeWithKafka('the suite', () => it('is run', () => undefined), ${missing}, ${ci});`;
  writeFileSync(join(folder, 'sample.mjs'), sample);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', jest: config }));
  const jestBin = createRequire(import.meta.url).resolve('jest/bin/jest');
  const args = ['--no-warnings', '--experimental-vm-modules', jestBin, '--rootDir', folder, '--json', '--silent'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  rmSync(folder, { recursive: true, force: true });
  return { result: JSON.parse(stdout), stderr };
};

describeWithKafka('a broker of our own', () => {
  let folder;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'scheduled-scripts-kafka-spec-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('starts, stops, is killed, comes back on its ports, and leaves nothing', async () => {
    const broker = await startKafka();
    const { directory, ports } = broker;
    expect(await answers(ports.plain)).toBe(true);
    const first = broker.pid;
    await broker.restart();
    expect([await answers(ports.plain), broker.pid === first, isAlive(first)]).toEqual([true, false, false]);
    await broker.kill();
    expect([await answers(ports.plain), broker.pid]).toEqual([false, undefined]);
    await broker.start();
    expect([await answers(ports.plain), broker.ports]).toEqual([true, ports]);
    broker.pause();
    expect(await answers(ports.plain)).toBe(false);
    broker.resume();
    await until(() => answers(ports.plain));
    const last = broker.pid;
    await broker.close();
    expect([isAlive(last), existsSync(directory)]).toEqual([false, false]);
  });

  it('says why it did not start', async () => {
    await expect(startKafka({ properties: { 'log.retention.hours': 'never' } })).rejects.toThrow('log.retention.hours');
  });

  it('does not outlive a process that is killed, and the next one takes its data over, whoever still runs on them', async () => {
    const index = pathToFileURL(join(import.meta.dirname, 'index.mjs')).href;
    const directory = join(folder, 'kept');
    const program = `
      import { startKafka } from ${JSON.stringify(index)};
      const { pid } = await startKafka({ directory: ${JSON.stringify(directory)} });
      process.stdout.write(String(pid));
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = await once(parent.stdout, 'data');
    const pid = Number(said);
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !isAlive(pid));
    const left = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)', directory], { stdio: 'ignore' });
    writeFileSync(join(directory, 'broker.pid'), String(left.pid));
    const ended = once(left, 'exit');
    const heir = await startKafka({ directory });
    expect((await ended)[1]).toBe('SIGKILL');
    expect([await answers(heir.ports.plain), heir.pid === pid]).toEqual([true, false]);
    await heir.close();
  });
});

describe('a suite that needs a broker', () => {
  it('is skipped aloud where none can be started', () => {
    const { result, stderr } = runSample(false);
    expect(result).toMatchObject({ success: true, numPendingTests: 1, numPassedTests: 0 });
    expect(stderr).toContain('NOT RUN: the suite. A Kafka broker cannot be started: no Java was found.');
  });

  it('fails there in CI', () => {
    const { result, stderr } = runSample(true);
    expect(result).toMatchObject({ success: false, numFailedTests: 1 });
    expect(stderr).toContain('a Kafka broker cannot be started: no Java was found');
  });
});
