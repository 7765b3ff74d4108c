import { explainedProblems, openApiDocument, operations } from '@scheduled-scripts/contracts/openapi';
import type { ServiceDefinition } from '@scheduled-scripts/platform';
import { openDatabase } from '@scheduled-scripts/postgres';
import { readModel } from '@scheduled-scripts/read-model';
import { queryApiEnvironment, type QueryApiEnvironment } from './environment.js';
import { FollowedScripts } from './live/followed-scripts.js';
import { OpenStreams } from './live/open-streams.js';
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
  create: async ({ env, logger, metrics, stopping, opened }) => {
    const database = opened('database', await openDatabase(databaseOf(env)));
    const model = readModel(database);
    const changes = new Changes(model);
    // Streams are patient; whoever waits for an answer is not.
    const questionsAtOnce = Math.ceil(env.DATABASE_POOL_SIZE / 3);
    const followed = new FollowedScripts({ model, changes, logger, questionsAtOnce });
    return {
      module: QueryApiModule.with({
        auth: { issuer: env.AUTH_ISSUER, audience: env.AUTH_AUDIENCE, jwksUri: env.AUTH_JWKS_URI, logger },
        model,
        scripts: new VisibleScripts({ model, changes }),
        archive: database,
        followed,
        streams: new OpenStreams({ perCaller: env.STREAMS_PER_CALLER, atOnce: env.STREAMS_AT_ONCE, stopping, metrics }),
        streamTimes: { heartbeatMillis: env.STREAM_HEARTBEAT_MILLIS, patienceMillis: env.STREAM_PATIENCE_MILLIS },
      }),
      workers: [changes, followed],
      openApi: openApiDocument('query-api'),
      problems: explainedProblems(),
      servedElsewhere: operations.filter(({ servedBy }) => servedBy === 'command-api'),
      readiness: { 'read model': () => model.ping() },
    };
  },
};
