// oxlint rules that keep the walls of `walls.mjs`. Each has planted violations in `walls.spec.mjs`.
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { scope, testing, walls } from './walls.mjs';

const root = path.resolve(import.meta.dirname, '../..');

const place = (filename) => {
  const parts = path.relative(root, filename).split(path.sep);
  const inside = parts.slice(2).join('/');
  return { project: parts.slice(0, 2).join('/'), inside, isTest: inside.endsWith('.spec.ts') || inside.startsWith('src/testing/') };
};

const packageOf = (specifier) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

/** Why `filename` may not import `specifier`, or null. */
export const complaint = (filename, specifier) => {
  const { project, inside, isTest } = place(filename);
  const wall = walls[project];
  if (!inside.startsWith('src/')) return null;
  if (!wall) return project.startsWith('apps/') || project.startsWith('libs/') ? `${project} has no entry in tools/walls/walls.mjs` : null;
  if (specifier.startsWith('.')) {
    const target = place(path.resolve(path.dirname(filename), specifier));
    return target.project === project ? null : `${project} may not reach into ${target.project} by a relative path`;
  }
  if (isBuiltin(specifier)) return wall.node === false && !isTest ? `${project} may not import Node's ${specifier}` : null;
  const name = packageOf(specifier);
  if (name.startsWith(scope)) {
    const other = name.slice(scope.length);
    if (project.endsWith(`/${other}`)) return null;
    const allowed = wall.ours === 'every' || wall.ours.includes(other) || (isTest && testing.ours[project]?.includes(other));
    return allowed ? null : `${project} may not import ${name}`;
  }
  const folder = Object.entries(wall.folders ?? {}).find(([, packages]) => packages.includes(name))?.[0];
  if (folder && inside.startsWith(`${folder}/`)) return null;
  if (folder) return `${name} belongs inside ${project}/${folder} only`;
  if (wall.npm.includes(name) || (isTest && testing.npm.includes(name))) return null;
  return `${project} may not import ${name}`;
};

const imports = {
  create(context) {
    const check = (node) => {
      const specifier = node.source?.value;
      if (typeof specifier !== 'string') return;
      const message = complaint(context.filename, specifier);
      if (message) context.report({ node: node.source, message });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check, ImportExpression: check };
  },
};

const isMember = (node, object, property) =>
  node.type === 'MemberExpression' && node.object.name === object && (property === undefined || node.property.name === property);

/** The domain has no clock and no chance: both come in with the command. */
const domainPurity = {
  create(context) {
    const { project, isTest } = place(context.filename);
    if (project !== 'libs/domain' || isTest) return {};
    const report = (node, what) => context.report({ node, message: `libs/domain may not use ${what}: it comes in with the command` });
    return {
      CallExpression({ callee, ...node }) {
        if (isMember(callee, 'Date', 'now')) report(node, 'Date.now');
        if (isMember(callee, 'Math', 'random') || isMember(callee, 'crypto')) report(node, 'a random source');
      },
      NewExpression(node) {
        if (node.callee.name === 'Date' && node.arguments.length === 0) report(node, 'the clock');
      },
    };
  },
};

const mayReadEnvironment = (project, inside, isTest) =>
  isTest || inside === 'src/main.ts' || project === 'libs/platform' || project === 'apps/dev-stack' || project === 'apps/router-simulator';

/** One place parses the environment; everybody else gets values. */
const environment = {
  create(context) {
    const { project, inside, isTest } = place(context.filename);
    if (!walls[project] || mayReadEnvironment(project, inside, isTest)) return {};
    return {
      MemberExpression(node) {
        if (isMember(node, 'process', 'env')) context.report({ node, message: 'process.env is read in main.ts and libs/platform only' });
      },
    };
  },
};

const answerFields = ['status', 'type', 'code', 'message'];

/** Where answers are made of codes that are explained: typed by the contract's table, or compared with it. */
const answerMakers = new Set(['libs/contracts/src/http/problem.ts', 'libs/platform/src/http/problem.ts', 'libs/auth/src/auth.error.ts']);

/** Nobody else writes an error answer by hand: its `doc_url` might lead to nothing. */
const errorAnswers = {
  create(context) {
    const { project, inside, isTest } = place(context.filename);
    if (!walls[project] || isTest || answerMakers.has(`${project}/${inside}`)) return {};
    return {
      ObjectExpression(node) {
        const names = node.properties.map(({ key }) => key?.name ?? key?.value);
        if (!answerFields.every((name) => names.includes(name))) return;
        context.report({ node, message: 'an error answer is made by problem() of libs/contracts, so that its code is explained' });
      },
    };
  },
};

export default { meta: { name: 'walls' }, rules: { imports, 'domain-purity': domainPurity, environment, 'error-answers': errorAnswers } };
