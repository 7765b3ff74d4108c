import { runMain } from '@scheduled-scripts/platform';
import { projector } from './projector.service.js';
import { rebuildModes, runRebuild } from './rebuild/rebuild.command.js';

const mode = rebuildModes[process.argv[2] ?? ''];
if (mode === undefined) {
  await runMain(projector);
} else {
  const interrupted = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => interrupted.abort(new Error(`interrupted by ${signal}`)));
  try {
    await runRebuild(mode, process.env, interrupted.signal);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
