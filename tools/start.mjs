// npm start: everything on embedded Postgres, and the main job before your eyes.
import { build, install, requireNode } from './prepare.mjs';
import { answerHelp } from './usage.mjs';

answerHelp(new URL('../apps/dev-stack/usage/start.txt', import.meta.url));
try {
  requireNode();
  await install();
  await build();
} catch (error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}
await import('../apps/dev-stack/dist/main.js');
