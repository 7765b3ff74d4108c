import { openApiDocument } from '@scheduled-scripts/contracts/openapi';
import type { ServiceDefinition } from '@scheduled-scripts/platform';
import { openDatabase } from '@scheduled-scripts/postgres';
import { readModel } from '@scheduled-scripts/read-model';
import { queryApiEnvironment, type QueryApiEnvironment } from './environment.js';
import { QueryApiModule } from './query-api.module.js';
import { Changes } from './visibility/changes.js';
import { VisibleScripts } from './visibility/visible-scripts.js';

const name = 'query-api';

const databaseOf = (env: QueryApiEnvironment) => ({
  url: env.DATABASE_URL.reveal(),
  schema: 'read_model',
  applicationName: name,
  poolSize: env.DATABASE_POOL_SIZE,
});

/** The HTTP read side. Writes nothing: the projector does, and makes the tables too. */
export const queryApi: ServiceDefinition<typeof queryApiEnvironment> = {
  name,
  description: 'answers questions about scheduled scripts over HTTP',
  environment: queryApiEnvironment,
  create: async ({ env, opened }) => {
    const database = opened('database', await openDatabase(databaseOf(env)));
    const model = readModel(database);
    const changes = new Changes(model);
    return {
      module: QueryApiModule.with({
        auth: { issuer: env.AUTH_ISSUER, audience: env.AUTH_AUDIENCE, jwksUri: env.AUTH_JWKS_URI },
        model,
        scripts: new VisibleScripts({ model, changes }),
        archive: database,
      }),
      workers: [changes],
      openApi: openApiDocument('query-api'),
      readiness: { 'read model': () => model.ping() },
    };
  },
};
