// The services that are built, and what each reads from its environment.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { helpText, parseEnvironment } from '../../libs/platform/dist/index.js';

const apps = resolve(import.meta.dirname, '../../apps');
const main = (name) => join(apps, name, 'src/main.ts');

/** Apps that start as a service does; others are tools of developers and users. */
export const serviceNames = readdirSync(apps).filter(
  (name) => existsSync(main(name)) && readFileSync(main(name), 'utf8').includes('runMain('),
);

const load = async (name) => {
  const found = Object.values(await import(join(apps, name, 'dist/index.js'))).find((one) => one?.name === name && one.environment);
  if (!found) throw new Error(`${name} exports no definition of its service`);
  return found;
};

let loading = Promise.resolve();

/** What the service says of itself. One after the other: jest's loader cannot load two at once that share modules. */
export const definitionOf = (name) => {
  loading = loading.then(() => load(name));
  return loading;
};

const key = 'YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=';
const samples = {
  DATABASE_URL: 'postgres://name:password@postgres:5432/scheduled_scripts',
  EVENT_STORE_URL: 'esdb://name:password@kurrentdb:2113',
  MESSAGING_URL: 'kafkas://name:password@kafka:9093',
  SUMMARY_MODEL_KEY: 'key',
  CREDENTIALS_KEYS: `one:${key}`,
  APPROVAL_LINK_KEYS: `one:${key}`,
  MAIL_URL: 'smtp://name:password@mail.example',
};

/** Which file a variable names, of those that hold a secret of the service. */
export const secretOf = (definition, name) => {
  const secret = name.replace(/_FILE$/, '');
  return name !== secret && secret in definition.environment.shape && helpText(definition).includes(name) ? secret : undefined;
};

/**
 * Reads variables as the service would at its start, with samples for what its secret files hold. Throws what the service would say, and
 * for a variable that it does not know.
 */
export const readAsService = (definition, variables) => {
  const read = {};
  for (const [name, value] of Object.entries(variables)) {
    const secret = secretOf(definition, name);
    if (secret === undefined && !(name in definition.environment.shape)) throw new Error(`${definition.name} does not know ${name}`);
    read[secret ?? name] = secret === undefined ? value : samples[secret];
  }
  return parseEnvironment(definition.environment, read);
};
