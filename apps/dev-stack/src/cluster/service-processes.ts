import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { variables, type Services, type ServiceSettings } from '../stack/services.js';
import { serviceNames, type Replicas } from './cluster-options.js';
import { ServiceProcess, type ProcessState } from './service-process.js';

export interface ServiceProcesses extends Services {
  readonly all: readonly ServiceProcess[];
  states(): Promise<readonly ProcessState[]>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** In turn, of those that are up; a gateway would do the same. */
const turns = (processes: readonly ServiceProcess[]): (() => string) => {
  let turn = 0;
  return () => {
    const up = processes.filter(({ isUp }) => isUp);
    const chosen = (up.length > 0 ? up : processes)[turn++ % Math.max(1, up.length)];
    return chosen?.url ?? '';
  };
};

/** Every replica as a process of its own. Resolves when all are ready; if one does not start, the others are stopped. */
export const startServiceProcesses =
  (replicas: Replicas) =>
  async (settings: ServiceSettings): Promise<ServiceProcesses> => {
    const all: ServiceProcess[] = [];
    for (const service of serviceNames) {
      for (let number = 1; number <= replicas[service]; number += 1) {
        const port = await freePort();
        const name = `${service}-${number}`;
        const environment = { PATH: process.env['PATH'] ?? '', ...variables(settings), HOST: '127.0.0.1', PORT: String(port) };
        all.push(
          new ServiceProcess(service, name, `http://127.0.0.1:${port}`, environment, join(dirname(settings.logFile), `${name}.log`)),
        );
      }
    }
    const stop = async (): Promise<void> => {
      await Promise.all(all.map((process) => process.stop()));
    };
    try {
      for (const process of all) process.start();
      await Promise.all(all.map((process) => process.untilReady()));
    } catch (error) {
      await stop();
      throw error;
    }
    const of = (service: string): readonly ServiceProcess[] => all.filter((process) => process.service === service);
    return {
      all,
      commandApi: turns(of('command-api')),
      queryApi: turns(of('query-api')),
      states: () => Promise.all(all.map((process) => process.state())),
      stop,
    };
  };
