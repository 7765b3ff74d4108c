import { fileURLToPath } from 'node:url';
import { UsageError } from '../options.js';
import { createTerminal } from '../terminal.js';
import { clusterHelp, parseClusterOptions } from './cluster-options.js';
import { printProcesses, runJob, startCluster, type Cluster, type ClusterParts } from './run-cluster.js';

const dataOfCheckout = fileURLToPath(new URL('../../../../.data-cluster', import.meta.url));

/** The whole of `npm run start:cluster`, once the broker's starter is at hand. */
export const clusterMain = async (parts: ClusterParts): Promise<void> => {
  const terminal = createTerminal();
  let options: ReturnType<typeof parseClusterOptions>;
  try {
    options = parseClusterOptions(process.argv.slice(2), dataOfCheckout);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n\n${clusterHelp}`);
    return process.exit(2);
  }
  if (!options) {
    process.stdout.write(clusterHelp);
    return;
  }

  let cluster: Cluster | undefined;
  let ending: Promise<void> | undefined;
  const end = (code: number): Promise<void> =>
    (ending ??= (async () => {
      await cluster?.stop();
      process.exit(code);
    })());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (ending) process.exit(130);
      terminal.step('stopping');
      void end(signal === 'SIGINT' ? 130 : 143);
    });
  }

  try {
    cluster = await startCluster(options, parts, terminal);
    await printProcesses(cluster, terminal);
    process.stdout.write(`${await runJob(cluster, terminal)}\n`);
    await printProcesses(cluster, terminal);
    if (options.once) await end(0);
    terminal.step('everything stays up; Ctrl-C stops it');
    terminal.detail(`addresses and tokens: ${options.data}/connection.json; logs: ${options.data}/*.log`);
  } catch (error) {
    if (ending) return;
    terminal.failure(error instanceof Error ? error.message : String(error));
    await end(1);
  }
};
