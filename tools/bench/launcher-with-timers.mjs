// A process of its own: the launcher as its main program starts it, and beside it timers for the same instants, which do nothing else.
import 'reflect-metadata';
import { launcher } from '@scheduled-scripts/launcher';
import { createLogger, startService } from '@scheduled-scripts/platform';
import { now } from './harness/clock.mjs';

const service = await startService(launcher, process.env, { port: 0, logger: createLogger({ name: 'launcher', level: 'silent' }) });

const lateness = (instant) => new Promise((done) => setTimeout(() => done(now() - instant), instant - now()));

process.channel?.ref();
process.on('message', ({ instants }) => {
  void Promise.all(instants.map(lateness)).then((late) => process.send({ late }));
});
process.on('SIGTERM', () => void service.stop().finally(() => process.exit()));
process.send({ started: true });
