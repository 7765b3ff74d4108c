// Makes the passwords and keys that compose.yaml mounts, at random, once: `node docker/make-secrets.mjs`.
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder = join(import.meta.dirname, 'secrets')] = process.argv.slice(2);
const services = ['command-api', 'query-api', 'event-relay', 'projector', 'launcher', 'device-executor', 'notifier', 'summarizer'];

const password = () => randomBytes(24).toString('base64url');
// Everybody may read the files, as other users in containers must; nobody else may enter the folder.
const write = (name, text) => writeFileSync(join(folder, name), text, { mode: 0o444 });

if (existsSync(join(folder, 'postgres'))) {
  process.stderr.write('There are secrets already. For new ones remove them, and the volumes: docker compose down --volumes\n');
  process.exit(1);
}
chmodSync(folder, 0o700);
for (const service of services) {
  const role = service.replaceAll('-', '_');
  const own = password();
  write(`postgres-${role}`, own);
  write(`${service}-database-url`, `postgres://${role}:${own}@postgres:5432/scheduled_scripts`);
}
write('credentials-keys', `demo-1:${randomBytes(32).toString('base64')}`);
write('approval-link-keys', `demo-1:${randomBytes(32).toString('base64')}`);
// The last, as the sign that all are there.
write('postgres', password());
