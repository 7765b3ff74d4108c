import { readFileSync } from 'node:fs';
import { setTimeout as rest } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { Fuzzer, type Report } from './fuzzer.js';
import { FuzzStackProcess, type Held } from './fuzz-stack.js';

const requests = Number(process.env['FUZZ_REQUESTS'] ?? 2_000);
const isLong = process.env['FUZZ_REQUESTS'] !== undefined;
// What a change has to pass is the same each time; the long form looks for what nobody has met yet.
const seed = Number(process.env['FUZZ_SEED'] ?? (isLong ? Date.now() % 2 ** 31 : 21));
const path = process.env['FUZZ_PATH'];

jest.setTimeout(300_000 + requests * 150);

const say = (words: string): void => void process.stderr.write(`fuzz: ${words}\n`);

let stack: FuzzStackProcess;
let database: Database;
let before: Held;
let report: Report;

beforeAll(async () => {
  stack = await FuzzStackProcess.start();
  database = await openDatabase({ url: stack.found.connection.postgresUrl, schema: 'public', applicationName: 'judge' });
  before = await stack.held();
  report = await new Fuzzer({ stack: stack.found, database, seed, requests, path, ...(isLong && { say }) }).run();
  say(`FUZZ_SEED=${seed} ${JSON.stringify({ ...report, findings: report.findings.length })}`);
});
afterAll(async () => {
  await database?.close();
  await stack?.stop();
});

describe(`a stack under hostile requests (FUZZ_SEED=${seed})`, () => {
  it('answers each of them as the contract says, and changes nothing for those that it refuses', () => {
    expect(report.findings.join('\n\n')).toBe('');
    expect(report.requests).toBeGreaterThanOrEqual(path === undefined ? requests : 0);
  });

  it('has both APIs say nothing of an error in their log', () => {
    const lines = readFileSync(stack.found.log, 'utf8').split('\n');
    const ours = /"level":"(?:error|fatal)".*"service":"(?:command|query)-api"/;
    expect(lines.filter((line) => ours.test(line)).slice(0, 5)).toEqual([]);
  });

  it('lives, holds no more than before, and has let go of its clients', async () => {
    expect(stack.isAlive).toBe(true);
    let held = await stack.held();
    const most = { bytes: before.bytes + 64 * 1_048_576, sockets: before.sockets + 64 };
    const holdsTooMuch = (): boolean => held.bytes > most.bytes || held.sockets > most.sockets;
    for (const deadline = Date.now() + 20_000; holdsTooMuch() && Date.now() < deadline; held = await stack.held()) await rest(500);
    expect({ held, tooMuch: holdsTooMuch() }).toMatchObject({ tooMuch: false });
  });
});
