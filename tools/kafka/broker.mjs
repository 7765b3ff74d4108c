// A real Apache Kafka on free ports of this machine: one node, KRaft, no container. It ends with the process that started it.
import { spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeKeystore } from './certificate.mjs';
import { heapFlags, java, kafkaJars, run } from './jars.mjs';
import { endLeftOver, endWithUs } from './orphans.mjs';
import { freePorts } from './ports.mjs';
import { propertiesText, serverProperties } from './properties.mjs';

const startMillis = 60_000;
const stopMillis = 10_000;

const classPath = (jars) => ['-cp', jars.classPath];
/** Only what tells that it has started, and what is wrong. */
const logFlags = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
  '-Dorg.slf4j.simpleLogger.showDateTime=true',
  '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS',
];

class Broker {
  #child = null;
  #ended = Promise.resolve('nothing: it was not started');

  constructor(directory, ports, jars, flags) {
    this.directory = directory;
    this.ports = ports;
    this.logFile = join(directory, 'broker.log');
    this.jars = jars;
    this.flags = flags;
  }

  /** For `MESSAGING_URL`; the plain listener. */
  get url() {
    return `kafka://127.0.0.1:${this.ports.plain}`;
  }

  get pid() {
    return this.#child?.pid;
  }

  /** The end of what the broker said. */
  log() {
    return existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8').slice(-8_000) : '';
  }

  async start() {
    if (this.#child) throw new Error('the broker is running');
    const from = existsSync(this.logFile) ? readFileSync(this.logFile, 'utf8').length : 0;
    const log = openSync(this.logFile, 'a');
    const args = [
      ...heapFlags,
      ...logFlags,
      ...this.flags,
      ...classPath(this.jars),
      'kafka.Kafka',
      join(this.directory, 'server.properties'),
    ];
    // A group of its own: a ^C at the terminal is for us, who end it when its clients are gone.
    const child = spawn(java, args, { stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    child.unref();
    this.#child = child;
    let isOver = false;
    this.#ended = new Promise((done) => {
      const over = (what) => {
        isOver = true;
        if (this.#child === child) this.#child = null;
        done(what);
      };
      child.once('error', (error) => over(error.message));
      child.once('exit', (code, signal) => over(signal ?? `code ${code}`));
    });
    const release = endWithUs(child.pid, join(this.directory, 'broker.pid'));
    void this.#ended.then(release);
    const deadline = Date.now() + startMillis;
    while (!readFileSync(this.logFile, 'utf8').slice(from).includes('Kafka Server started')) {
      if (isOver) throw new Error(`the broker ended with ${await this.#ended}:\n${this.log()}`);
      if (Date.now() > deadline) {
        await this.kill();
        throw new Error(`the broker did not start in ${startMillis} ms:\n${this.log()}`);
      }
      await pause(20);
    }
  }

  /** Ends it in order; its data stay. */
  async stop() {
    const child = this.#child;
    child?.kill('SIGCONT');
    child?.kill('SIGTERM');
    const timer = setTimeout(() => child?.kill('SIGKILL'), stopMillis);
    await this.#end();
    clearTimeout(timer);
  }

  async kill() {
    this.#child?.kill('SIGKILL');
    await this.#end();
  }

  /** Holds it where it is: connections stay open, nothing is answered. */
  pause() {
    this.#child?.kill('SIGSTOP');
  }

  resume() {
    this.#child?.kill('SIGCONT');
  }

  /** The same ports, the same data. */
  async restart() {
    await this.stop();
    await this.start();
  }

  /** A running broker does not keep our process alive; one whose end is awaited does. */
  async #end() {
    this.#child?.ref();
    await this.#ended;
  }

  /** Ends it and removes its data. */
  async close() {
    await this.stop();
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

const format = async (directory, jars, users) => {
  const scram = Object.entries(users).flatMap(([name, password]) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => ['--add-scram', `${mechanism}=[name=${name},password=${password}]`]),
  );
  const id = randomBytes(16).toString('base64url').replace(/^-/, 'k');
  const tool = ['kafka.tools.StorageTool', 'format', '-t', id, '-c', join(directory, 'server.properties'), '--standalone', ...scram];
  await run(java, [...heapFlags, `-XX:SharedArchiveFile=${jars.archive}`, ...logFlags, ...classPath(jars), ...tool]);
};

/** Once: a broker starts and ends for nothing but the archive of its classes. */
const makeArchive = async (jars) => {
  const making = `${jars.archive}.${randomUUID()}`;
  const broker = await launch({ jars, flags: [`-XX:ArchiveClassesAtExit=${making}`] });
  await broker.close();
  if (existsSync(making)) renameSync(making, jars.archive);
};

const launch = async ({ jars, flags, directory, listeners = [], users = {}, properties = {} }) => {
  const home = directory ?? mkdtempSync(join(tmpdir(), 'scheduled-scripts-kafka-'));
  mkdirSync(home, { recursive: true });
  await endLeftOver(join(home, 'broker.pid'), home);
  const portsFile = join(home, 'ports.json');
  const isNew = !existsSync(portsFile);
  const names = ['controller', 'plain', ...listeners];
  const ports = isNew ? await freePorts(names) : JSON.parse(readFileSync(portsFile, 'utf8'));
  const usesTls = listeners.some((name) => name === 'tls' || name === 'saslTls');
  const tls = usesTls ? await makeKeystore(home) : undefined;
  const settings = { data: join(home, 'data'), ports, users, keystore: tls?.keystore, overrides: properties };
  writeFileSync(join(home, 'server.properties'), propertiesText(serverProperties(settings)), { mode: 0o600 });
  const broker = new Broker(home, ports, jars, flags);
  broker.ca = tls?.ca;
  try {
    if (!existsSync(join(home, 'data', 'meta.properties'))) await format(home, jars, users);
    await broker.start();
    writeFileSync(portsFile, JSON.stringify(ports));
  } catch (error) {
    if (!directory) await broker.close();
    throw error;
  }
  return broker;
};

export const startKafka = async (options = {}) => {
  const jars = await kafkaJars();
  if (!existsSync(jars.archive)) await makeArchive(jars);
  const flags = [`-XX:SharedArchiveFile=${jars.archive}`];
  for (let attempt = 1; ; attempt++) {
    try {
      return await launch({ ...options, jars, flags });
    } catch (error) {
      // Between our look and its start somebody else took a port.
      if (options.directory || attempt >= 3 || !/Address already in use|BindException/.test(error.message)) throw error;
    }
  }
};
