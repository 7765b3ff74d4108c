import { getPostgreSQLEventStore } from '@event-driven-io/emmett-postgresql';
import { STREAM_DOES_NOT_EXIST } from '@event-driven-io/emmett';

/** Emmett's event store, with its tables made beforehand. Answers an append of new streams. */
export const openEmmett = async (scope, url, pool) => {
  const store = getPostgreSQLEventStore(url, { schema: { autoMigration: 'None' }, connectionOptions: { pool } });
  await store.schema.migrate();
  await scope.add(store, () => store.close());
  return (stream, events) =>
    store.appendToStream(
      stream,
      events.map(({ type, data, metadata }) => ({ type, data, metadata })),
      { expectedStreamVersion: STREAM_DOES_NOT_EXIST },
    );
};
