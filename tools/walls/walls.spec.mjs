// A wall that nobody sees fall is no wall: one violation of each is planted, and the linter must complain.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { scope, walls } from './walls.mjs';

const root = resolve(import.meta.dirname, '../..');
const projects = Object.keys(walls);
const nameOf = (project) => project.split('/')[1];

const violations = [];
const legal = [];
const plant = (project, file, source, rule = 'imports') => violations.push({ path: `${project}/src/${file}.ts`, source, rule });

for (const [project, wall] of Object.entries(walls)) {
  plant(project, 'planted-npm', `import 'left-pad';\n`);
  plant(project, 'planted-reach', `import '../../../tools/prepare.mjs';\n`);
  const closed = projects.filter((other) => other !== project && wall.ours !== 'every' && !wall.ours.includes(nameOf(other)));
  closed.forEach((other) => plant(project, `planted-${nameOf(other)}`, `export * from '${scope}${nameOf(other)}';\n`));
  for (const [folder, packages] of Object.entries(wall.folders ?? {})) {
    packages.forEach((name, index) => {
      plant(project, `planted-driver-${index}`, `import '${name}';\n`);
      legal.push({ path: `${project}/${folder}/legal-driver-${index}.ts`, source: `import '${name}';\n` });
    });
  }
  if (wall.ours !== 'every') {
    wall.ours.forEach((other) => legal.push({ path: `${project}/src/legal-${other}.ts`, source: `import '${scope}${other}';\n` }));
  }
}
plant('libs/unknown', 'planted-project', `import 'left-pad';\n`);
plant('libs/domain', 'planted-node', `import 'node:fs';\n`);
plant('libs/domain', 'planted-dynamic', `export const load = () => import('zod');\n`);
plant('libs/domain', 'planted-clock', `export const now = () => Date.now();\n`, 'domain-purity');
plant('libs/domain', 'planted-date', `export const now = () => new Date();\n`, 'domain-purity');
plant('libs/domain', 'planted-random', `export const dice = () => Math.random();\n`, 'domain-purity');
plant('libs/domain', 'planted-uuid', `export const id = () => crypto.randomUUID();\n`, 'domain-purity');
plant(
  'apps/query-api',
  'planted-answer',
  `export const gone = { status: 410, type: 'x', code: 'gone', message: 'It is gone.' };\n`,
  'error-answers',
);
plant('libs/read-model', 'planted-env', `export const url = process.env.URL;\n`, 'environment');

let house;
let complaints;

beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'walls-'));
  cpSync(join(root, 'tools/walls'), join(house, 'tools/walls'), { recursive: true });
  const { jsPlugins, rules } = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8'));
  const ours = Object.fromEntries(Object.entries(rules).filter(([name]) => name.startsWith('walls/')));
  writeFileSync(join(house, '.oxlintrc.json'), JSON.stringify({ jsPlugins, rules: ours, ignorePatterns: ['tools/**'] }));
  for (const { path, source } of [...violations, ...legal]) {
    mkdirSync(dirname(join(house, path)), { recursive: true });
    writeFileSync(join(house, path), source);
  }
  const linted = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['-f', 'json'], { cwd: house, encoding: 'utf8', maxBuffer: 64e6 });
  complaints = new Set(JSON.parse(linted.stdout).diagnostics.map(({ filename, code }) => `${filename} ${code}`));
});

afterAll(() => rmSync(house, { recursive: true, force: true }));

const of = (project, planted) => planted.filter(({ path }) => path.startsWith(`${project}/`));

describe('walls', () => {
  it.each([...projects, 'libs/unknown'])('%s: every planted violation is complained about', (project) => {
    const missed = of(project, violations).filter(({ path, rule }) => !complaints.has(`${path} walls(${rule})`));
    expect(of(project, violations).length).toBeGreaterThan(0);
    expect(missed).toEqual([]);
  });

  it.each(projects)('%s: what it may import passes', (project) => {
    const refused = of(project, legal).filter(({ path }) => [...complaints].some((complaint) => complaint.startsWith(`${path} walls(`)));
    expect(refused).toEqual([]);
  });

  it('names every project of the workspace, and no other', () => {
    const references = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')).references;
    expect(projects.toSorted()).toEqual(references.map(({ path }) => path).toSorted());
  });
});
