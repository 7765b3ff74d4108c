import { spawnSync } from 'node:child_process';
import { readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';

/** Programs of an image's folder, as its arguments name them. */
export const programsIn = (folder) =>
  readdirSync(join(folder, 'apps'))
    .map((app) => `apps/${app}/dist/main.js`)
    .filter((program) => existsSync(join(folder, program)));

/** Starts `<program> --help` as the image would: with its environment alone and, if we are root and it has one, as its user. */
export const startProgram = ({ folder, program, settings }) => {
  const [uid, gid] = settings.user?.split(':').map(Number) ?? [];
  const [, ...entry] = settings.entrypoint;
  const { status, stdout, stderr } = spawnSync(process.execPath, [...entry, program, '--help'], {
    cwd: folder,
    env: settings.env,
    encoding: 'utf8',
    ...(uid !== undefined && process.getuid?.() === 0 && { uid, gid }),
  });
  return { ok: status === 0 && stdout.length > 0, said: `${stdout ?? ''}${stderr ?? ''}` };
};
