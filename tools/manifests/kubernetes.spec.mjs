import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { errorsPath } from '../../libs/platform/dist/index.js';
import { render } from './kustomize/render.mjs';
import { laxities } from './restricted.mjs';
import { kubernetesMistakes } from './schemas/schemas.mjs';
import { definitionOf, readAsService, secretOf, serviceNames } from './services.mjs';

const root = resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));
const nameLabel = 'app.kubernetes.io/name';

class Cluster {
  constructor(overlay) {
    this.resources = render(resolve(root, 'k8s/overlays', overlay));
  }

  all(kind) {
    return this.resources.filter((resource) => resource.kind === kind);
  }

  one(kind, name) {
    const found = this.all(kind).find(({ metadata }) => metadata.name === name);
    if (!found) throw new Error(`there is no ${kind} ${name}`);
    return found;
  }

  /** What the pod's only container has in its environment. */
  variablesOf({ spec: { containers } }) {
    const [{ env = [], envFrom = [] }] = containers;
    const shared = envFrom.map(({ configMapRef: { name } }) => this.one('ConfigMap', name).data);
    return Object.assign({}, ...shared, Object.fromEntries(env.map(({ name, value }) => [name, value])));
  }

  /** Names of the services that a policy is about. */
  selectedBy(policyName) {
    const { podSelector } = this.one('NetworkPolicy', policyName).spec;
    return podSelector.matchExpressions?.flatMap(({ values }) => values) ?? [podSelector.matchLabels?.[nameLabel]];
  }
}

const namesOf = (resources) => new Set(resources.map(({ metadata }) => metadata.name));

/** Those that have a schema: query-api reads the projector's. */
const migrating = [];
for (const name of serviceNames) if ((await definitionOf(name)).migrate) migrating.push(name);

const overlays = { dev: new Cluster('dev'), production: new Cluster('production') };
const { production } = overlays;
const podOf = (cluster, name) => cluster.one('Deployment', name).spec.template;
const imagesOf = (cluster) =>
  [...cluster.all('Deployment'), ...cluster.all('Job')].flatMap(({ spec }) => spec.template.spec.containers.map(({ image }) => image));

describe.each(Object.entries(overlays))('the overlay %s', (_name, cluster) => {
  it('holds nothing that Kubernetes would refuse', () => {
    expect(
      cluster.resources.flatMap((one) => kubernetesMistakes(one).map((mistake) => `${one.kind} ${one.metadata.name}: ${mistake}`)),
    ).toEqual([]);
  });

  it('runs every service, and nothing else', () => {
    expect(namesOf(cluster.all('Deployment'))).toEqual(new Set(serviceNames));
  });

  it('is restricted', () => {
    const pods = [...cluster.all('Deployment'), ...cluster.all('Job')];
    expect(pods.flatMap(({ metadata, spec }) => laxities(spec.template).map((laxity) => `${metadata.name} ${laxity}`))).toEqual([]);
    const [{ metadata }] = cluster.all('Namespace');
    expect(metadata.labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
  });

  it('uses one image of one version', () => {
    expect(new Set(imagesOf(cluster).map((image) => image.split(':').at(-1)))).toEqual(new Set([version]));
    expect(new Set(imagesOf(cluster)).size).toBe(1);
  });

  it('keeps everything in its namespace', () => {
    const [{ metadata }] = cluster.all('Namespace');
    const elsewhere = cluster.resources.filter((one) => one.kind !== 'Namespace' && one.metadata.namespace !== metadata.name);
    expect(elsewhere).toEqual([]);
  });

  it('leads from errors to the page of errors at the address of the links in mails', () => {
    const [command, query, mail] = ['command-api', 'query-api', 'notifier'].map((name) => cluster.variablesOf(podOf(cluster, name)));
    const page = `${mail.PUBLIC_URL}${errorsPath}`;
    expect([command.DOC_URL_BASE, query.DOC_URL_BASE]).toEqual([page, page]);
  });

  it('holds no secret', () => expect(cluster.all('Secret')).toEqual([]));

  describe.each(serviceNames)('%s', (name) => {
    const { metadata, spec } = cluster.one('Deployment', name);
    const { template } = spec;
    const [container] = template.spec.containers;

    it('starts from an environment that it accepts', async () => {
      const variables = cluster.variablesOf(template);
      const env = readAsService(await definitionOf(name), variables);
      expect([env.NODE_ENV, container.args]).toEqual(['production', [`apps/${name}/dist/main.js`]]);
    });

    it('finds every file that a variable names', async () => {
      const definition = await definitionOf(name);
      const files = Object.entries(cluster.variablesOf(template)).filter(([variable]) => variable.endsWith('_FILE'));
      for (const [variable, file] of files) {
        const mount = container.volumeMounts.find(({ mountPath }) => mountPath === dirname(file));
        const volume = template.spec.volumes.find((one) => one.name === mount?.name);
        const secret = secretOf(definition, variable);
        // The one secret that two services share is a Secret of its own.
        const owner = secret === 'APPROVAL_LINK_KEYS' ? 'approval-links' : name;
        const place = secret === undefined ? [undefined, 'users.json'] : [owner, secret];
        expect([variable, mount?.readOnly, volume?.secret?.secretName, basename(file)]).toEqual([variable, true, ...place]);
      }
      expect(files.length).toBeGreaterThan(0);
    });

    it('is asked whether it lives and is ready, where it answers from before its start until after its end', () => {
      const { METRICS_PORT } = cluster.variablesOf(template);
      const port = container.ports.find((one) => one.name === 'metrics');
      expect(String(port.containerPort)).toBe(METRICS_PORT);
      const asked = ['startupProbe', 'livenessProbe', 'readinessProbe'].map((probe) => container[probe].httpGet);
      expect(asked.map((one) => `${one.port}${one.path}`)).toEqual(['metrics/livez', 'metrics/livez', 'metrics/readyz']);
      expect(template.metadata.annotations['prometheus.io/port']).toBe(METRICS_PORT);
    });

    it('has the time to stop that it takes', () => {
      const { SHUTDOWN_GRACE_MILLIS } = cluster.variablesOf(template);
      const before = container.lifecycle.preStop.sleep.seconds;
      expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(before + Number(SHUTDOWN_GRACE_MILLIS) / 1_000);
    });

    it('loses one pod at a time, is spread, and acts as nobody else', () => {
      const selector = spec.selector.matchLabels;
      expect(template.metadata.labels).toMatchObject({ ...selector, [nameLabel]: name });
      const { spec: budget } = cluster.one('PodDisruptionBudget', name);
      expect([budget.maxUnavailable, budget.selector.matchLabels]).toEqual([1, selector]);
      expect(template.spec.topologySpreadConstraints.map((one) => one.topologyKey)).toContain('kubernetes.io/hostname');
      expect(template.spec.serviceAccountName).toBe(name);
      expect(cluster.one('ServiceAccount', name).automountServiceAccountToken).toBe(false);
      expect(metadata.name).toBe(name);
    });

    it('has a Service exactly if it has an HTTP API', async () => {
      const hasApi = 'AUTH_ISSUER' in (await definitionOf(name)).environment.shape;
      const services = cluster.all('Service').filter((one) => one.metadata.name === name);
      expect(services).toHaveLength(hasApi ? 1 : 0);
      for (const { spec: service } of services) {
        expect(service.selector).toEqual(spec.selector.matchLabels);
        expect(container.ports.map((port) => port.name)).toContain(service.ports[0].targetPort);
      }
    });
  });
});

describe('what may talk to what', () => {
  it('is nothing, unless said otherwise', () => {
    expect(production.one('NetworkPolicy', 'default-deny').spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  });

  it.each([
    ['to-event-store', 'EVENT_STORE_URL'],
    ['to-topics', 'MESSAGING_URL'],
    ['to-issuer', 'AUTH_JWKS_URI'],
    ['gateway-to-apis', 'AUTH_JWKS_URI'],
    ['to-mail-server', 'MAIL_URL'],
  ])('%s: those that read %s', async (policy, variable) => {
    const definitions = await Promise.all(serviceNames.map(definitionOf));
    const readers = definitions.filter(({ environment }) => variable in environment.shape).map(({ name }) => name);
    expect(new Set(production.selectedBy(policy))).toEqual(new Set(readers));
  });

  it('to-routers: device-executor and command-api, and no address of a machine’s own', () => {
    const [{ to }] = production.one('NetworkPolicy', 'to-routers').spec.egress;
    expect(production.selectedBy('to-routers')).toEqual(['command-api', 'device-executor']);
    for (const { ipBlock } of to) expect(ipBlock.except.length).toBeGreaterThan(1);
  });
});

describe('migrations in production', () => {
  it('are jobs of this version, which go by themselves', () => {
    const jobs = production.all('Job');
    const names = migrating.map((name) => `${name}-migration-${version.replaceAll('.', '-')}`);
    expect(namesOf(jobs)).toEqual(new Set(names));
    for (const { spec } of jobs) expect(spec.ttlSecondsAfterFinished).toBeGreaterThan(0);
  });

  it.each(migrating)('%s: by its own program, secret and environment, from no ConfigMap that may change', async (name) => {
    const { spec } = production.all('Job').find(({ metadata }) => metadata.name.startsWith(`${name}-migration`));
    const [container] = spec.template.spec.containers;
    expect(container.args).toEqual([`apps/${name}/dist/main.js`, '--migrate']);
    expect(container.envFrom).toBeUndefined();
    expect(spec.template.spec.volumes[0].secret.secretName).toBe(name);
    expect(readAsService(await definitionOf(name), production.variablesOf(spec.template)).DATABASE_URL).toBeDefined();
  });

  it('are waited for', () => {
    const modes = serviceNames.map((name) => production.variablesOf(podOf(production, name)).MIGRATIONS);
    expect(new Set(modes)).toEqual(new Set(['wait']));
  });
});
