// node tools/contracts.mjs [--check]: writes what other teams are promised from the built code: libs/contracts/schemas, docs/asyncapi.json,
// docs/openapi.json and docs/openapi, and from the last two the generated part of libs/client.
// Refuses what would break a published version. Shapes under schemas/published are only ever added; one that never left this
// repository may be deleted by hand, to be made again. --check writes nothing and fails where something is to be written.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { judgeContract, outdatedFiles, readContract } from '@scheduled-scripts/contracts/documents';
import { openApiDocument } from '@scheduled-scripts/contracts/openapi';
import { format, resolveConfig } from 'prettier';
import { clientOf } from './client/generate.mjs';

const root = new URL('../', import.meta.url);
const isCheck = process.argv.includes('--check');

let differing = 0;
const report = (path) => {
  differing += 1;
  process.stdout.write(`${isCheck ? 'differs from the code' : 'written'}: ${path}\n`);
};

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
for (const [path, content] of outdatedFiles(committed, contract)) {
  if (!isCheck) await write(path, content);
  report(path);
}

const formatted = async (path, text, parser) => format(text, { ...(await resolveConfig(new URL(path, root))), parser });
const whole = openApiDocument('gateway');
const documents = {
  'docs/openapi.json': whole,
  'docs/openapi/command-api.json': openApiDocument('command-api'),
  'docs/openapi/query-api.json': openApiDocument('query-api'),
};
const texts = [
  ...Object.entries(documents).map(([path, document]) => [path, JSON.stringify(document, null, 2), 'json']),
  ...Object.entries(await clientOf(whole)).map(([path, code]) => [path, code, 'typescript']),
];
for (const [path, text, parser] of texts) {
  const file = new URL(path, root);
  const wanted = await formatted(path, text, parser);
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) continue;
  if (!isCheck) {
    mkdirSync(dirname(file.pathname), { recursive: true });
    writeFileSync(file, wanted);
  }
  report(path);
}
if (isCheck && differing > 0) {
  process.stderr.write('run: npm run build && npm run contracts\n');
  process.exit(1);
}
