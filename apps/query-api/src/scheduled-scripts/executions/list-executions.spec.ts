import { hash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { executionLives, scriptLife } from '@scheduled-scripts/contracts/testing';
import { storeBackup } from '@scheduled-scripts/site-directory/backups';
import * as fc from 'fast-check';
import { startQueryApi, walk, type TestApi } from '../../testing/query-api.fixture.js';

/** A launched script with tests, and runs of all kinds. */
const sample = () => {
  const worlds = scriptLife({ maximumSites: 12 }).chain((life) => fc.record({ life: fc.constant(life), runs: executionLives(life) }));
  const rich = worlds.filter(({ life, runs }) => {
    const phases = new Set(runs.map(({ execution }) => execution.phase));
    return (
      life.tests.length > 0 && life.script.makeBackup && ['completed', 'failed', 'issued'].every((phase) => phases.has(phase as 'failed'))
    );
  });
  const [world] = fc.sample(rich, { numRuns: 1, seed: 51 });
  if (!world) throw new Error('no such world');
  return world;
};

const { life, runs } = sample();
const executions = runs.map(({ execution }) => execution);
const path = `/scripts/scheduled/${life.script.id}`;
const backupOf = (executionId = '') => `${path}/executions/${executionId}/backup`;

const sitesIn = (...phases: readonly string[]) => {
  const sites = new Set(executions.flatMap(({ kind, phase, siteId }) => (kind === 'rollout' && phases.includes(phase) ? [siteId] : [])));
  return life.script.sites.filter((site) => sites.has(site));
};

describe('what lies below a script', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startQueryApi();
    await api.project([...life.steps.map(({ message }) => message), ...runs.flatMap(({ messages }) => messages)]);
  });

  afterAll(() => api.stop());

  it('is the progress of its rollout', async () => {
    const { json } = await api.get(`${path}/progress`);
    expect(json).toEqual({
      completed: sitesIn('completed'),
      failed: sitesIn('failed'),
      pending: sitesIn('requested', 'claimed', 'prepared', 'issued'),
    });
  });

  it('is a row for each site and run, walked page by page', async () => {
    const rows = (await walk(api, `${path}/executions?limit=3`)).flat();
    expect(rows.map(({ id }) => String(id)).toSorted()).toEqual(executions.map(({ executionId }) => executionId).toSorted());
    for (const execution of executions) {
      const row = rows.find(({ id }) => id === execution.executionId);
      expect(Object.keys(row ?? {})).toEqual([
        'id',
        'site_id',
        'kind',
        'state',
        'reason',
        'message',
        'started_at',
        'finished_at',
        'duration_ms',
        'backup',
      ]);
      const { issued, finishedAt, backup, failure } = execution;
      expect(row).toMatchObject({
        kind: execution.kind,
        reason: failure?.reason ?? null,
        message: failure?.message ?? null,
        started_at: issued?.at ?? null,
        finished_at: finishedAt,
        duration_ms: issued && finishedAt ? Date.parse(finishedAt) - Date.parse(issued.at) : null,
        backup: backup && { sha256: backup.sha256, bytes: backup.bytes, taken_at: backup.takenAt },
      });
    }
    expect(new Set(rows.map(({ state }) => state))).toEqual(
      new Set(['completed', 'failed', 'running', ...rows.flatMap(({ state }) => (state === 'pending' ? ['pending'] : []))]),
    );
  });

  it('is what was recorded of it, oldest first', async () => {
    const entries = (await walk(api, `${path}/history?limit=2`)).flat();
    expect(entries[0]).toMatchObject({ type: 'scheduled-script.created.v1', by: 'auth0|author', data: { scriptId: life.script.id } });
    expect(Object.keys(entries[0] ?? {})).toEqual(['type', 'at', 'by', 'data']);
    const ended = runs.filter(({ execution }) => execution.kind === 'test' && execution.finishedAt).length;
    expect(entries.filter(({ type }) => type === 'site-execution.failed.v1' || type === 'site-execution.completed.v1')).toHaveLength(ended);
    expect(await walk(api, `${path}/history`)).toEqual([entries]);
  });

  it.each(['executions', 'history'])('refuses a cursor of another list below /%s', async (list) => {
    const cursor = Buffer.from(JSON.stringify([life.script.id])).toString('base64url');
    expect(await api.get(`${path}/${list}?cursor=${cursor}`)).toMatchObject({
      status: 422,
      json: { code: 'parameter_invalid', param: 'cursor' },
    });
  });

  describe('a backup', () => {
    // Not everything that a router exports is UTF-8.
    const text = Buffer.concat([Buffer.from('# 2026-03-02 by RouterOS 7.18\r\n/ip address\r\n'), randomBytes(64)]);
    const sha256 = hash('sha256', text);
    const taken = executions.find(({ backup }) => backup);
    const none = executions.find(({ backup }) => !backup);

    beforeAll(async () => {
      if (!taken?.backup || !none) throw new Error('no such executions');
      const { organizationId, siteId, executionId } = taken;
      await storeBackup(api.database, { organizationId, siteId, executionId, text, sha256, takenAt: taken.backup.takenAt });
      const backup = JSON.stringify({ ...taken.backup, sha256, bytes: text.length });
      await api.database.query('UPDATE site_executions SET backup = $2 WHERE id = $1', [executionId, backup]);
    });

    it('comes byte for byte, under its hash', async () => {
      const answer = await api.get(backupOf(taken?.executionId));
      expect(answer.status).toBe(200);
      expect(answer.bytes.equals(text)).toBe(true);
      expect(answer.headers.get('content-type')).toBe('text/plain');
      expect(answer.headers.get('etag')).toBe(`"${sha256}"`);
      expect((await api.get(backupOf(taken?.executionId), { headers: { 'If-None-Match': `"${sha256}"` } })).status).toBe(304);
    });

    it('needs the right to see sites', async () => {
      expect(await api.get(backupOf(taken?.executionId), { as: 'reader' })).toMatchObject({ status: 403, json: { code: 'scope_missing' } });
      expect((await api.get(backupOf(taken?.executionId), { as: 'porter' })).status).toBe(200);
    });

    it('is not there where none was taken, nor for others', async () => {
      expect(await api.get(backupOf(none?.executionId))).toMatchObject({ status: 404, json: { code: 'backup_not_found' } });
      expect(await api.get(backupOf(life.script.id))).toMatchObject({ status: 404, json: { code: 'execution_not_found' } });
      expect(await api.get(backupOf('x'))).toMatchObject({ status: 404, json: { code: 'execution_not_found' } });
      expect(await api.get(backupOf(taken?.executionId), { as: 'stranger' })).toMatchObject({
        status: 404,
        json: { code: 'script_not_found' },
      });
    });
  });
});
