import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  checkPromise,
  type EventMessage,
  fromMessage,
  MalformedMessage,
  messageSchemas,
  publishedStreamPrefixes,
  toMessage,
} from './index.js';

type Golden = Omit<EventMessage, 'value'> & { readonly value: Record<string, unknown> };

const folder = new URL('./golden/', import.meta.url);
const goldens = readdirSync(folder).map((file) => [file, JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Golden] as const);
const onTheWire = (golden: Golden): EventMessage => ({ ...golden, value: JSON.stringify(golden.value) });
const golden = (type: string): Golden => {
  const found = goldens.find(([file]) => file === `${type}.json`);
  if (found === undefined) throw new Error(`no golden message of ${type}`);
  return found[1];
};
const refusal = (message: EventMessage): string => {
  try {
    fromMessage(message);
  } catch (error) {
    if (error instanceof MalformedMessage) return `${error.reason} ${error.where}`;
    throw error;
  }
  return 'accepted';
};

describe('golden messages', () => {
  it('exist for every version that this code can read', () => {
    expect(goldens.map(([file]) => file).sort()).toEqual(
      Object.keys(messageSchemas)
        .map((type) => `${type}.json`)
        .sort(),
    );
  });

  it.each(goldens)('%s is read, and written again byte for byte', (file, message) => {
    const read = fromMessage(onTheWire(message));
    if (read.kind !== 'event') throw new Error('not recognised');
    const { event, stream, revision, id, organizationId, actor, at, correlationId, causationId, traceparent } = read;
    expect(`${event.type}.json`).toBe(file);
    expect(event).toEqual({ type: message.headers['ce_type'], at: message.headers['ce_time'], by: actor, data: message.value });
    const metadata = { organizationId, actor, at, correlationId, causationId, traceparent };
    const written = toMessage({ id, stream, revision, type: event.type, data: message.value, metadata });
    expect(written).toEqual(onTheWire(message));
    expect(checkPromise(event.type, message.value)).toBe('kept');
  });

  it.each(goldens)('%s is understood when a newer producer has added fields', (_file, message) => {
    const newer = { ...message, headers: { ...message.headers, ce_extra: '1' }, value: { ...message.value, addedLater: { deep: [1] } } };
    expect(fromMessage(onTheWire(newer))).toEqual(fromMessage(onTheWire(message)));
    expect(checkPromise(message.headers['ce_type'] ?? '', newer.value)).toBe('broken');
  });

  it.each(goldens)('%s is refused without any one of the headers it needs', (_file, message) => {
    for (const name of Object.keys(message.headers).filter((header) => header.startsWith('ce_'))) {
      const { [name]: _removed, ...headers } = message.headers;
      expect(refusal(onTheWire({ ...message, headers }))).toBe(`header_missing ${name}`);
    }
  });

  it('use attribute names that CloudEvents allows', () => {
    const names = goldens.flatMap(([, { headers }]) => Object.keys(headers)).filter((name) => name.startsWith('ce_'));
    expect(names.filter((name) => !/^ce_[a-z0-9]{1,20}$/.test(name))).toEqual([]);
  });
});

describe('fromMessage', () => {
  const claimed = golden('site-execution.claimed.v1');

  it('hands on a type it does not know, whatever else is in it', () => {
    const message = { key: 'k', headers: { ce_type: 'site-execution.teleported.v1' }, value: 'not even JSON' };
    expect(fromMessage(message)).toEqual({ kind: 'unknown', key: 'k', type: 'site-execution.teleported.v1' });
    expect(fromMessage({ ...message, headers: { ce_type: 'toString' } }).kind).toBe('unknown');
  });

  it('names the place of what is wrong, never the content', () => {
    const secret = 'hunter2';
    expect(refusal({ ...onTheWire(claimed), value: `{"password": ${secret}` })).toBe('value_not_json value');
    expect(refusal(onTheWire({ ...claimed, value: { ...claimed.value, kind: secret, owner: 7 } }))).toBe(
      'data_invalid site-execution.claimed.v1 kind, owner',
    );
    for (const [name, value] of [
      ['ce_time', `2025-10-30 ${secret}`],
      ['ce_sequence', '1'],
      ['ce_sequence', '-000000000000001'],
      ['ce_sequence', '9999999999999999'],
      ['ce_specversion', '0.3'],
      ['ce_source', '/elsewhere'],
    ] as const) {
      expect(refusal(onTheWire({ ...claimed, headers: { ...claimed.headers, [name]: value } }))).toBe(`header_invalid ${name}`);
    }
  });

  it('throws nothing but MalformedMessage, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...goldens), fc.oneof(fc.string(), fc.json()), ([, message], value) => {
        expect(refusal({ ...onTheWire(message), value })).toMatch(/^(accepted|value_not_json value|data_invalid )/);
      }),
    );
  });
});

describe('toMessage', () => {
  const metadata = {
    organizationId: 'org_1',
    actor: 'user_1',
    at: '2025-10-30T10:00:00.000000Z',
    correlationId: 'request-1',
    causationId: 'request-1',
  };
  const stored = { id: 'e-1', revision: 3, type: 'scheduled-script.invented.v9', metadata };

  const sequence = (revision: number) =>
    toMessage({ ...stored, stream: 'scheduledScript-1', revision, data: {} }).headers['ce_sequence'] ?? '';

  it('sends scripts and their summaries by script, executions by site, also for types that it does not know', () => {
    const routes = publishedStreamPrefixes.map((prefix) => toMessage({ ...stored, stream: `${prefix}one`, data: { siteId: 'site_a' } }));
    expect(routes.map(({ topic, key }) => `${topic} ${key}`).sort()).toEqual([
      'scheduled-script.events.v1 one',
      'scheduled-script.events.v1 one',
      'site-execution.events.v1 site_a',
    ]);
  });

  it('still sends an execution that does not name its site', () => {
    expect(toMessage({ ...stored, stream: 'siteExecution-x1', data: {} })).toMatchObject({ topic: 'site-execution.events.v1', key: 'x1' });
  });

  it('numbers events so that their order is that of the text, too', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (one, other) => {
        expect(sequence(one) < sequence(other)).toBe(one < other);
      }),
    );
  });

  it('refuses a stream that is not published', () => {
    expect(() => toMessage({ ...stored, stream: 'somethingElse-1', data: {} })).toThrow(MalformedMessage);
  });

  it('carries any text of a script unchanged', () => {
    const created = golden('scheduled-script.created.v1');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (script) => {
        const data = { ...created.value, script };
        const message = toMessage({ ...stored, type: 'scheduled-script.created.v1', stream: 'scheduledScript-1', data });
        expect(fromMessage(message)).toMatchObject({ event: { data: { script } }, revision: 3, stream: 'scheduledScript-1', key: '1' });
      }),
    );
  });
});
