// node tools/contracts.mjs [--check]: writes what other teams are promised from the built code: libs/contracts/schemas and docs/asyncapi.json.
// Refuses what would break a published version. Shapes under schemas/published are only ever added; one that never left this
// repository may be deleted by hand, to be made again. --check writes nothing and fails where something is to be written.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { judgeContract, outdatedFiles, readContract } from '@scheduled-scripts/contracts/documents';
import { format, resolveConfig } from 'prettier';

const root = new URL('../', import.meta.url);
const isCheck = process.argv.includes('--check');

const write = async (path, content) => {
  const file = new URL(path, root);
  if (content === null) {
    rmSync(file);
    return;
  }
  mkdirSync(dirname(file.pathname), { recursive: true });
  writeFileSync(file, await format(JSON.stringify(content, null, 2), { ...(await resolveConfig(file)), parser: 'json' }));
};

const { contract: committed, golden } = readContract(root);
const { contract, broken } = judgeContract(committed.published, golden);
for (const reason of broken) process.stderr.write(`${reason}\n`);
if (broken.length > 0) process.exit(1);
const outdated = [...outdatedFiles(committed, contract)];
for (const [path, content] of outdated) {
  if (!isCheck) await write(path, content);
  process.stdout.write(`${isCheck ? 'differs from the code' : 'written'}: ${path}\n`);
}
if (isCheck && outdated.length > 0) {
  process.stderr.write('run: npm run build && npm run contracts\n');
  process.exit(1);
}
