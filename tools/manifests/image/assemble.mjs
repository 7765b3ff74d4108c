// Carries out the recipe without a container engine: each stage is a folder, RUN lines run in it with sh.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { settingsOf } from './recipe.mjs';

/** Paths of the build context that the ignore file lets through: what it names with "!", but for names that it refuses at any depth. */
export const contextFilter = (ignoreFile, context) => {
  const rules = ignoreFile.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const allowed = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1));
  const ignored = rules.filter((rule) => rule.startsWith('**/')).map((rule) => rule.slice(3));
  const isIgnored = (name) => ignored.some((rule) => (rule.startsWith('*') ? name.endsWith(rule.slice(1)) : name === rule));
  return (path) => {
    const inside = path.slice(context.length + 1);
    return allowed.some((name) => inside === name || inside.startsWith(`${name}/`)) && !inside.split('/').some(isIgnored);
  };
};

const copy = ({ rest }, { folder, workdir, stageFolder, context, isInContext }) => {
  const words = rest.split(' ');
  const from = words[0]?.startsWith('--from=') ? words.shift().slice('--from='.length) : undefined;
  const target = words.pop();
  const intoFolder = words.length > 1 || target.endsWith('/');
  for (const word of words) {
    const source = from === undefined ? join(context, word) : join(stageFolder(from), word);
    const isFolder = statSync(source).isDirectory();
    const destination = join(folder, workdir, target, intoFolder && !isFolder ? basename(source) : '');
    const filter = from === undefined ? (path) => isInContext(path) : undefined;
    cpSync(source, destination, { recursive: true, verbatimSymlinks: true, ...(filter && { filter }) });
  }
};

/** Carries out every stage below `root`, in order. Answers the folder of a stage by its name. */
export const assemble = (stages, { root, context, isInContext, say = () => undefined }) => {
  const stageFolder = (name) => join(root, name);
  for (const { name, from, instructions } of stages) {
    const folder = stageFolder(name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    if (existsSync(stageFolder(from))) cpSync(stageFolder(from), folder, { recursive: true, verbatimSymlinks: true });
    let workdir = settingsOf(stages, from).workdir ?? '/';
    for (const instruction of instructions) {
      const { verb, rest } = instruction;
      if (verb === 'WORKDIR') mkdirSync(join(folder, (workdir = rest)), { recursive: true });
      if (verb === 'COPY') copy(instruction, { folder, workdir, stageFolder, context, isInContext });
      if (verb !== 'RUN') continue;
      say(`${name}: ${rest}`);
      // Nothing of the checkout may help: neither its packages nor what npm has told a parent process.
      const env = { PATH: process.env.PATH, HOME: process.env.HOME };
      const { status } = spawnSync('sh', ['-ec', rest], { cwd: join(folder, workdir), env, stdio: ['ignore', 2, 2] });
      if (status !== 0) throw new Error(`${name}: RUN ${rest} ended with ${status}`);
    }
  }
  return stageFolder;
};
