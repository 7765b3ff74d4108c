/** A projection as it is written first: for each event a transaction of its own, with one row and the position. By the bare driver. */
const tables = `
  CREATE TABLE plain_script (id uuid PRIMARY KEY, organization_id text, revision int, status text, launch_at text, plan text);
  CREATE TABLE plain_execution (id uuid PRIMARY KEY, organization_id text, script_id uuid, site_id text, revision int, state text, at text);
  CREATE TABLE plain_position (position bigint NOT NULL);
  INSERT INTO plain_position VALUES (0)`;

const script = {
  name: 'plain-script',
  text: `INSERT INTO plain_script VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, status = excluded.status WHERE plain_script.revision < excluded.revision`,
};
const execution = {
  name: 'plain-execution',
  text: `INSERT INTO plain_execution VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, state = excluded.state, at = excluded.at
    WHERE plain_execution.revision < excluded.revision`,
};

export const openRowByRow = async (pool) => {
  await pool.query(tables);
  let position = 0;
  return async ({ key, headers, value }) => {
    const data = JSON.parse(value);
    const [type, organization, revision] = [headers.ce_type, headers.ce_organizationid, Number(headers.ce_sequence)];
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      if (type.startsWith('scheduled-script.')) {
        await client.query({ ...script, values: [key, organization, revision, type, data.launchAt ?? '', value] });
      } else {
        const values = [data.executionId, organization, data.scriptId, data.siteId, revision, type, headers.ce_time];
        await client.query({ ...execution, values });
      }
      position += 1;
      await client.query({ name: 'plain-position', text: 'UPDATE plain_position SET position = $1', values: [position] });
      await client.query('COMMIT');
    } finally {
      client.release();
    }
  };
};
