// Infers the targets of a project from the files it has, so that no project repeats them.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

const targetsOf = (root, has) => {
  const run = (command) => ({ command, options: { cwd: root } });
  return {
    ...(has('tsconfig.json') && { build: run('node ../../node_modules/typescript/bin/tsc -b') }),
    lint: run('oxlint --type-aware .'),
    ...(has('jest.config.mjs') && {
      test: run('node --no-warnings --experimental-vm-modules ../../node_modules/jest/bin/jest.js'),
    }),
    ...(has('src/main.ts') && { serve: { ...run('node --watch dist/main.js'), continuous: true, dependsOn: ['build'] } }),
  };
};

export const name = 'infer-targets';

export const createNodesV2 = [
  '{apps,libs}/*/package.json',
  (files, _options, { workspaceRoot }) =>
    files.map((file) => {
      const root = dirname(file);
      const targets = targetsOf(root, (path) => existsSync(join(workspaceRoot, root, path)));
      return [file, { projects: { [root]: { targets, tags: [root.startsWith('apps/') ? 'type:app' : 'type:lib'] } } }];
    }),
];
