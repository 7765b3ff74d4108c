import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { helpText } from '../../libs/platform/dist/index.js';
import { readYaml } from './read-yaml.mjs';
import { definitionOf } from './services.mjs';

const root = resolve(import.meta.dirname, '../..');
const read = (path) => readFileSync(join(root, path), 'utf8');
const page = read('docs/operations.md');
const { groups } = readYaml(read('k8s/alerts.yaml'))[0];
const rules = groups.flatMap((group) => group.rules);

const sources = ['apps', 'libs'].flatMap((folder) =>
  readdirSync(join(root, folder)).flatMap((project) =>
    readdirSync(join(root, folder, project, 'src'), { recursive: true })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
      .map((file) => read(join(folder, project, 'src', file))),
  ),
);
const inCode = new Set(sources.flatMap((text) => [...text.matchAll(/name: '(scheduled_scripts_\w+)'/g)].map(([, name]) => name)));
const inTable = [...page.matchAll(/^\| `(scheduled_scripts_\w+)` \|/gm)].map(([, name]) => name);

/** As a heading's link is made: lower case, without punctuation, words joined by hyphens. */
const anchors = new Set(
  [...page.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title
      .toLowerCase()
      .replace(/[^a-z0-9 -]/g, '')
      .replaceAll(' ', '-'),
  ),
);
const metricsOf = (text) => [...text.matchAll(/scheduled_scripts_\w+/g)].map(([name]) => name.replace(/_(bucket|sum|count)$/, ''));

describe('docs/operations.md', () => {
  it('explains every metric that there is, once, and no other', () => {
    expect(new Set(inTable)).toEqual(inCode);
    expect(inTable).toHaveLength(inCode.size);
    expect(metricsOf(page).filter((name) => !inCode.has(name))).toEqual([]);
  });

  it('leads nowhere that is not there', () => {
    const links = [...page.matchAll(/\]\(#([\w-]+)\)/g)].map(([, anchor]) => anchor);
    expect(links.filter((anchor) => !anchors.has(anchor))).toEqual([]);
    const files = [...page.matchAll(/`((?:docs|docker|k8s|libs|apps)\/[\w./-]+\.\w+)`/g)].map(([, file]) => file);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    expect(links.length * files.length).toBeGreaterThan(0);
  });

  it('names no command that its service does not have', async () => {
    const commands = [...page.matchAll(/apps\/([\w-]+)\/dist\/main\.js (--[\w-]+)/g)].map(([, service, argument]) => [service, argument]);
    for (const [service, argument] of commands)
      expect([service, helpText(await definitionOf(service))]).toEqual([service, expect.stringContaining(argument)]);
    expect(new Set(commands.map(([, argument]) => argument))).toEqual(
      new Set(['--parked', '--rebuild', '--rollback', '--rotate-credentials']),
    );
  });

  it('knows every reason for which an execution can fail', async () => {
    const { failureReasons } = await import(join(root, 'libs/domain/dist/index.js'));
    const table = /## Reasons\n([\s\S]*?)\n## /.exec(page)[1];
    const explained = [...table.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell]) => cell.replaceAll('`', '').split(', '));
    expect(new Set(explained)).toEqual(new Set(failureReasons));
  });
});

describe('k8s/alerts.yaml', () => {
  it.each(rules.map((rule) => [rule.alert, rule]))('%s: on metrics that there are, and with something to do', (_name, rule) => {
    expect(metricsOf(rule.expr).filter((name) => !inCode.has(name))).toEqual([]);
    expect(metricsOf(rule.expr).length).toBeGreaterThan(0);
    const [file, anchor] = rule.annotations.runbook.split('#');
    expect([file, anchors.has(anchor)]).toEqual(['docs/operations.md', true]);
    expect(['page', 'ticket']).toContain(rule.labels.severity);
  });
});
