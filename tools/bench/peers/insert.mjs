/** The least that keeps events: one table, one INSERT a transaction, by the bare driver. No expectation is checked but the unique key. */
const createTable = `
  CREATE TABLE plain_event (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream text COLLATE "C" NOT NULL,
    revision int NOT NULL,
    id uuid NOT NULL,
    type text NOT NULL,
    data json NOT NULL,
    metadata json NOT NULL,
    UNIQUE (stream, revision)
  )`;

const one = {
  name: 'plain-insert',
  text: 'INSERT INTO plain_event (stream, revision, id, type, data, metadata) VALUES ($1, 0, $2, $3, $4, $5)',
};
const many = {
  name: 'plain-insert-many',
  text: `INSERT INTO plain_event (stream, revision, id, type, data, metadata)
    SELECT $1, place - 1, id, type, data, metadata
    FROM unnest($2::uuid[], $3::text[], $4::json[], $5::json[]) WITH ORDINALITY AS new (id, type, data, metadata, place)`,
};

export const openPlainInserts = async (pool) => {
  await pool.query(createTable);
  return (stream, events) => {
    const columns = [
      events.map(({ id }) => id),
      events.map(({ type }) => type),
      events.map(({ data }) => JSON.stringify(data)),
      events.map(({ metadata }) => JSON.stringify(metadata)),
    ];
    if (events.length === 1) return pool.query({ ...one, values: [stream, ...columns.map(([value]) => value)] });
    return pool.query({ ...many, values: [stream, ...columns] });
  };
};
