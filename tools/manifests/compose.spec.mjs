import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { errorsPath } from '../../libs/platform/dist/index.js';
import { readRecipe, settingsOf } from './image/recipe.mjs';
import { readYaml } from './read-yaml.mjs';
import { composeMistakes } from './schemas/schemas.mjs';
import { definitionOf, readAsService, secretOf, serviceNames } from './services.mjs';

const root = resolve(import.meta.dirname, '../..');
const read = (path) => readFileSync(join(root, path), 'utf8');
const [main] = readYaml(read('docker/compose.yaml'));
const included = main.include.map((name) => readYaml(read(join('docker', name)))[0]);
const together = (section) => Object.assign({}, main[section], ...included.map((part) => part[section]));
const file = { services: together('services'), secrets: together('secrets'), networks: main.networks };
const all = Object.entries(file.services);
const { version } = JSON.parse(read('package.json'));
const { env: imageVariables } = settingsOf(readRecipe(read('docker/Dockerfile')), 'services');
const library = (path) => import(join(root, 'libs', path));
const targetsOf = ({ secrets = [] }) => secrets.map((secret) => `/run/secrets/${secret.target ?? secret}`);

describe('compose.yaml', () => {
  it('is, with what it includes, what the Compose Specification says', () => {
    expect([main, ...included].flatMap(composeMistakes)).toEqual([]);
  });

  it.each(all)('%s is hardened and bounded', (_name, service) => {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
    expect(Number(service.user.split(':')[0])).toBeGreaterThan(0);
    expect(service.deploy.resources.limits).toEqual({ cpus: expect.any(String), memory: expect.any(String), pids: expect.any(Number) });
  });

  it('names a version of every image: ours, and of Kafka the one that suites run', () => {
    const images = new Map(all.map(([name, { image }]) => [name, image]));
    for (const image of images.values()) expect(image).toMatch(/^[a-z/-]+:\d/);
    const ours = [...images.values()].filter((image) => image.startsWith('scheduled-scripts'));
    expect(new Set(ours.map((image) => image.split(':')[1]))).toEqual(new Set([version]));
    const kafka = /<artifactId>kafka_2\.13<\/artifactId>\s*<version>([\d.]+)</.exec(read('tools/kafka/pom.xml'))?.[1];
    expect(images.get('kafka')).toBe(`apache/kafka:${kafka}`);
  });

  it('opens ports to this machine alone', () => {
    const ports = all.flatMap(([, service]) => service.ports ?? []);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(file.networks.default.internal).toBe(true);
  });

  it('mounts exactly the secrets that make-secrets.mjs makes, each where somebody reads it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
    expect(spawnSync(process.execPath, [join(root, 'docker/make-secrets.mjs'), folder]).status).toBe(0);
    const declared = Object.entries(file.secrets).map(([name, secret]) => [name, basename(secret.file)]);
    expect(new Set(declared.map(([, made]) => made))).toEqual(new Set(readdirSync(folder)));
    const used = all.flatMap(([, { secrets = [] }]) => secrets.map((secret) => secret.source ?? secret));
    expect(new Set(used)).toEqual(new Set(declared.map(([name]) => name)));
    rmSync(folder, { recursive: true });
  });

  it('leads from errors to a page that is served to this machine', () => {
    const [published] = file.services['command-api'].ports[0].match(/^127\.0\.0\.1:\d+/);
    for (const name of ['command-api', 'query-api']) {
      expect(file.services[name].environment.DOC_URL_BASE).toBe(`http://${published}${errorsPath}`);
    }
  });

  it('starts nothing before what it needs', () => {
    for (const [name, { depends_on: needs = {} }] of all) {
      for (const [needed, { condition }] of Object.entries(needs)) {
        const isOnce = file.services[needed].restart === 'on-failure';
        expect([name, needed, condition]).toEqual([name, needed, isOnce ? 'service_completed_successfully' : 'service_healthy']);
        expect(isOnce || file.services[needed].healthcheck !== undefined).toBe(true);
      }
    }
    const migrations = Object.keys(file.services).filter((name) => name.startsWith('migrate-'));
    expect(Object.keys(file.services.grants.depends_on)).toEqual(migrations);
  });
});

describe('the addresses of its event store and its topics', () => {
  const { EVENT_STORE_URL, MESSAGING_URL } = file.services.launcher.environment;

  it('are such as the adapters read, and lead to services', async () => {
    const { parseConnectionString } = await library('event-store/dist/kurrent/connection-string.js');
    const { parseKafkaUrl } = await library('messaging/dist/kafka/kafka-url.js');
    const { settings, channel } = parseConnectionString(EVENT_STORE_URL);
    const { brokers, isEncrypted, replicationFactor } = parseKafkaUrl(MESSAGING_URL);
    expect([settings.endpoint, channel.insecure]).toEqual([{ address: 'kurrentdb', port: 2113 }, true]);
    expect([brokers, isEncrypted, replicationFactor]).toEqual([['kafka:9092'], false, 1]);
    expect(file.services.kafka.environment.KAFKA_ADVERTISED_LISTENERS).toBe(`PLAINTEXT://${brokers[0]}`);
  });
});

describe.each(serviceNames)('the service %s', (name) => {
  const service = file.services[name];
  const migration = file.services[`migrate-${name}`];

  it.each([
    ['runs', service],
    ['migrates', migration ?? service],
  ])('%s in an environment that it accepts', async (_what, { environment, ...container }) => {
    const definition = await definitionOf(name);
    expect(readAsService(definition, { ...imageVariables, ...environment }).NODE_ENV).toBe('production');
    const secrets = Object.entries(environment).filter(([variable]) => secretOf(definition, variable) !== undefined);
    expect(targetsOf(container)).toEqual(secrets.map(([, path]) => path));
  });

  it('runs its program, and is waited for until it is ready', () => {
    expect(service.command).toEqual([`apps/${name}/dist/main.js`]);
    expect(service.healthcheck.test.join(' ')).toContain(`127.0.0.1:${service.environment.METRICS_PORT}/readyz`);
    const commands = migration ? [`apps/${name}/dist/main.js`, '--migrate'] : undefined;
    expect(migration?.command).toEqual(commands);
  });

  it('comes after what its environment names', async () => {
    const { SHUTDOWN_GRACE_MILLIS } = readAsService(await definitionOf(name), { ...imageVariables, ...service.environment });
    expect(Number.parseInt(service.stop_grace_period, 10)).toBeGreaterThan(SHUTDOWN_GRACE_MILLIS / 1_000);
    const needed = { EVENT_STORE_URL: 'kurrentdb', MESSAGING_URL: 'kafka', AUTH_JWKS_URI: 'issuer' };
    const expected = Object.entries(needed).flatMap(([variable, other]) => (variable in service.environment ? [other] : []));
    const hosts = name === 'device-executor' ? ['routers'] : [];
    expect(new Set(Object.keys(service.depends_on))).toEqual(new Set(['grants', ...expected, ...hosts]));
  });
});

describe('the issuer of the demo', () => {
  let folder;
  let issuer;
  let said;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'issuer-'));
    const program = [join(root, 'docker/demo/issuer.mjs'), join(folder, 'keys.json'), join(root, 'docker/demo/users.json'), '0', '0'];
    issuer = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(createInterface(issuer.stdout), 'line');
    said = JSON.parse(line);
  });
  afterAll(async () => {
    issuer.kill('SIGTERM');
    await once(issuer, 'exit');
    rmSync(folder, { recursive: true });
  });

  it('gives each user of the file a token that its keys vouch for', async () => {
    const at = `http://127.0.0.1:${said.port}`;
    const tokens = await (await fetch(`${at}/tokens`)).json();
    const keys = createRemoteJWKSet(new URL(`${at}/.well-known/jwks.json`));
    const expected = { issuer: said.issuer, audience: file.services['command-api'].environment.AUTH_AUDIENCE };
    const scopes = {};
    for (const [sub, token] of Object.entries(tokens)) {
      const { payload } = await jwtVerify(token, keys, expected);
      expect([payload.sub, payload.org_id]).toEqual([sub, 'org_demo']);
      scopes[sub] = payload.scope.split(' ').includes('script:authorize');
    }
    expect(scopes).toEqual({ 'demo|author': false, 'demo|approver': true });
    expect((await fetch(`${at}/keys.json`)).status).toBe(404);
  });
});
