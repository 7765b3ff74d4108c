// Carries out docker/Dockerfile in an empty folder and starts every service's --help from what comes out of it, as a user who may not
// write there. Takes minutes, because it installs twice: `node tools/manifests/image/check.mjs`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { assemble, contextFilter } from './assemble.mjs';
import { readRecipe, settingsOf } from './recipe.mjs';
import { programsIn, startProgram } from './start-program.mjs';

const context = resolve(import.meta.dirname, '../../..');
const read = (name) => readFileSync(join(context, 'docker', name), 'utf8');
const say = (line) => process.stderr.write(`${line}\n`);

const root = mkdtempSync(join(tmpdir(), 'scheduled-scripts-image-'));
try {
  const stages = readRecipe(read('Dockerfile'));
  const isInContext = contextFilter(read('Dockerfile.dockerignore'), context);
  const stageFolder = assemble(stages, { root, context, isInContext, say });
  // As an image's files are: everybody reads them, only root writes them.
  spawnSync('chmod', ['-R', 'a+rX,go-w', root]);
  for (const target of ['services', 'simulator']) {
    const settings = settingsOf(stages, target);
    const folder = join(stageFolder(target), settings.workdir);
    for (const program of programsIn(folder)) {
      const { ok, said } = startProgram({ folder, program, settings });
      if (!ok) throw new Error(`${target}: ${program} --help failed\n${said}`);
      say(`ok  ${target}: ${program} (${said.split('\n')[0]})`);
    }
    const size = spawnSync('du', ['-sm', folder], { encoding: 'utf8' }).stdout.split('\t')[0];
    const found = spawnSync('find', [folder, '-name', '*.spec.js', '-path', '*@scheduled-scripts*'], { encoding: 'utf8' }).stdout;
    if (found !== '') throw new Error(`${target}: suites are left\n${found}`);
    say(`ok  ${target}: ${size} MB in /app`);
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
