import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Connection } from '../stack/connection.js';

const root = new URL('../../../../', import.meta.url);

/** The program of the client's README, run as one of its own: its exit code, and what it has said. */
export const runReadmeProgram = async ({ baseUrl, tokens }: Connection) => {
  const readme = readFileSync(new URL('libs/client/README.md', root), 'utf8');
  const [, program = ''] = /^```js\n([\s\S]+?)^```$/m.exec(readme) ?? [];
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: fileURLToPath(root),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, API_URL: baseUrl, AUTHOR_TOKEN: tokens.author, APPROVER_TOKEN: tokens.approver },
  });
  const [said, complaints, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: Number(code), complaints, lines: said.trim().split('\n') };
};
