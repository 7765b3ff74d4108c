import type { DatabaseOptions } from '@scheduled-scripts/postgres';
import type { ProjectorEnvironment } from './environment.js';

export const projectorDatabase = (env: ProjectorEnvironment, applicationName: string): DatabaseOptions => ({
  url: env.DATABASE_URL.reveal(),
  schema: 'read_model',
  applicationName,
  poolSize: 8,
});
