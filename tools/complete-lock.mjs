// Some registries lack the packages of other platforms; `npm install` then leaves them out of package-lock.json, and `npm ci` refuses
// its own file ("Missing: … from lock file"). This adds a stub for each, marked with its os and cpu, so that it is never fetched.
// Run it after every `npm install` that changes the lock: `node tools/complete-lock.mjs`.
import { readFileSync, writeFileSync } from 'node:fs';

const file = 'package-lock.json';
const systems = ['darwin', 'win32', 'linux', 'android', 'freebsd', 'openbsd', 'netbsd', 'sunos', 'aix', 'openharmony'];
const processors = ['arm64', 'x64', 'ia32', 'arm', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32'];

const platformOf = (name) => {
  const words = name.split('/').pop().split(/[-.]/);
  const os = systems.find((system) => words.includes(system)) ?? (words.includes('windows') ? 'win32' : undefined);
  const cpu = processors.find((processor) => words.includes(processor));
  const isMusl = words.some((word) => word.startsWith('musl'));
  const isGlibc = words.some((word) => word === 'gnu' || word.startsWith('gnueabi'));
  const libc = os === 'linux' && (isMusl ? 'musl' : isGlibc ? 'glibc' : undefined);
  return { os, cpu, libc };
};

/** The version that a package at `from` would find, walking up as Node does. */
const found = (packages, from, name) => {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const version = packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]?.version;
    if (version || !folder) return version;
  }
};

const lock = JSON.parse(readFileSync(file, 'utf8'));
const packages = lock.packages;
let added = 0;
for (const [path, entry] of Object.entries(packages)) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const version = range.replace(/^[\^~]/, '');
    const present = found(packages, path, name);
    const { os, cpu, libc } = platformOf(name);
    if (present === version || (present && range !== version) || (!os && !cpu)) continue;
    packages[`${present ? `${path}/` : ''}node_modules/${name}`] = {
      version,
      ...(cpu && { cpu: [cpu] }),
      ...(entry.dev && { dev: true }),
      ...(libc && { libc: [libc] }),
      optional: true,
      ...(os && { os: [os] }),
    };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${added} platform packages added`);
