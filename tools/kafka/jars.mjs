// The broker's jars, fetched once through Maven into .cache/kafka, and an archive of its classes that more than halves its start.
import { spawn, spawnSync } from 'node:child_process';
import { hash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const cache = resolve(import.meta.dirname, '../../.cache');
const pom = join(import.meta.dirname, 'pom.xml');
const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies';

export const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
export const keytool = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'keytool') : 'keytool';
export const heapFlags = ['-Xms256m', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** Only whole folders have this name: they are made elsewhere and moved. */
const folder = () => join(cache, 'kafka', hash('sha256', readFileSync(pom)).slice(0, 16));

/** @returns {{ available: true } | { available: false, reason: string }} */
export const kafkaAvailable = () => {
  if (process.platform === 'win32') return { available: false, reason: 'the broker is started through a POSIX shell' };
  const version = spawnSync(java, ['-version'], { encoding: 'utf8' });
  if (version.error || version.status !== 0) return { available: false, reason: 'no Java was found (17 or later is needed)' };
  const major = Number(/version "(\d+)/.exec(version.stderr)?.[1]);
  if (!(major >= 17)) return { available: false, reason: `Java 17 or later is needed, this is ${version.stderr.split('\n')[0]}` };
  if (existsSync(folder())) return { available: true };
  const maven = spawnSync('mvn', ['-v'], { encoding: 'utf8' });
  if (maven.error || maven.status !== 0) return { available: false, reason: 'no Maven was found, which fetches the broker once' };
  return { available: true };
};

/** Runs a program to its end; rejects with the end of what it said. */
export const run = (command, args) =>
  new Promise((done, fail) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said = `${said}${chunk}`.slice(-4_000)));
    child.once('error', fail);
    child.once('close', (code) => (code === 0 ? done(said) : fail(new Error(`${command} ended with ${code}:\n${said}`))));
  });

const classPathOf = (lib) =>
  readdirSync(lib)
    .sort()
    .map((jar) => join(lib, jar))
    .join(':');

/** Flags that the archive was made with must be there when it is used; a JVM that cannot use it starts without it. */
const install = async (into) => {
  const making = join(cache, 'kafka', `making-${randomUUID()}`);
  mkdirSync(making, { recursive: true });
  writeFileSync(join(cache, '.gitignore'), '*\n');
  try {
    await run('mvn', ['-B', '-q', '-ntp', '-f', pom, plugin, `-DoutputDirectory=${join(making, 'lib')}`, '-DincludeScope=runtime']);
    renameSync(making, into);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    // Another process was quicker.
    if (!existsSync(into)) throw error;
  }
};

/** @returns {Promise<{ classPath: string, archive: string }>} `archive` may not exist yet: whoever starts a broker first makes it. */
export const kafkaJars = async () => {
  const into = folder();
  if (!existsSync(into)) await install(into);
  return { classPath: classPathOf(join(into, 'lib')), archive: join(into, 'kafka.jsa') };
};
