import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { z } from 'zod';
import { checkPromise } from '../messages/index.js';
import { idempotencyKeyHeader, ifMatchHeader, minVersionHeader } from './header.requests.js';
import { parseUuid } from './identifiers.js';
import { pageQuery, scheduledScriptListQuery } from './query.requests.js';
import { scheduledScriptRequests } from './scheduled-script.requests.js';
import { siteRequests } from './site.requests.js';

const site = (index: number) => `site_${String(index).padStart(16, '0')}`;
const { create, revise } = scheduledScriptRequests({ maximumSites: 3 });
const body = { description: 'Weekly', script: '/log info hello', launch_at: '2030-01-01T00:00:00Z', sites: [site(1)] };

/** `path: message` of each complaint; empty when it is accepted. */
const complaints = (schema: z.ZodType, input: unknown): string[] => {
  const result = schema.safeParse(input);
  return result.success ? [] : result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`);
};

describe('POST /scripts/scheduled', () => {
  it('fills in the defaults and brings the time into its form', () => {
    expect(create.parse(body)).toEqual({
      ...body,
      launch_at: '2030-01-01T00:00:00.000000Z',
      notify: [],
      make_backup: false,
      test_site_id: null,
      abort_if_offline: false,
    });
  });

  it('names every field that is missing', () => {
    expect(complaints(create, {}).map((line) => line.split(':')[0])).toEqual(['description', 'script', 'sites', 'launch_at']);
  });

  it('names unknown fields', () => {
    expect(complaints(create, { ...body, launchAt: 'x' })).toEqual([': unrecognized_keys']);
  });

  it.each<[string, Record<string, unknown>]>([
    ['200 characters that are two units each', { description: '🚀'.repeat(200) }],
    ['60 000 bytes', { script: 'é'.repeat(30_000) }],
    ['as many sites as configured', { sites: [site(1), site(2), site(3)] }],
    ['200 users', { notify: Array.from({ length: 200 }, (_, index) => `auth0|${index}`) }],
    ['no test site', { test_site_id: null }],
    ['carriage returns and tabs', { script: '\t/log info x\r\n' }],
  ])('accepts %s', (_, change) => {
    expect(complaints(create, { ...body, ...change })).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['201 characters', { description: 'é'.repeat(201) }, 'description: custom'],
    ['an empty description', { description: '' }, 'description: custom'],
    ['NUL in the description', { description: 'a\0' }, 'description: custom'],
    ['a description of two lines', { description: 'a\r\nb' }, 'description: invalid_format'],
    ['a lone surrogate', { script: 'a\ud800' }, 'script: custom'],
    ['NUL in the script', { script: '\0' }, 'script: custom'],
    ['60 001 bytes in fewer characters', { script: `${'é'.repeat(30_000)}a` }, 'script: custom'],
    ['an empty script', { script: '' }, 'script: custom'],
    ['no sites', { sites: [] }, 'sites: too_small'],
    ['more sites than configured', { sites: [1, 2, 3, 4].map(site) }, 'sites: too_big'],
    ['a site twice', { sites: [site(1), site(2), site(1)] }, 'sites.2: custom'],
    ['a site id of another form', { sites: ['site_short'] }, 'sites.0: invalid_format'],
    ['a site id with a line break', { sites: [`${site(1)}\n`] }, 'sites.0: invalid_format'],
    ['201 users', { notify: Array.from({ length: 201 }, (__, index) => `auth0|${index}`) }, 'notify: too_big'],
    ['a user twice', { notify: ['a', 'a'] }, 'notify.1: custom'],
    ['an empty user', { notify: [''] }, 'notify.0: invalid_format'],
    ['a user that no provider names so', { notify: ['é'] }, 'notify.0: invalid_format'],
    ['a user of 201 characters', { notify: ['x'.repeat(201)] }, 'notify.0: invalid_format'],
    ['a date that is none', { launch_at: '2030-02-30T00:00:00Z' }, 'launch_at: custom'],
    ['a boolean as text', { make_backup: 'true' }, 'make_backup: invalid_type'],
    ['a text as a number', { description: 5 }, 'description: invalid_type'],
    ['no launch time', { launch_at: undefined }, 'launch_at: invalid_type'],
  ])('refuses %s', (_, change, complaint) => {
    expect(complaints(create, { ...body, ...change })).toEqual([complaint]);
  });
});

describe('what was accepted', () => {
  it('keeps the promise of the message that it becomes', () => {
    const siteId = fc.stringMatching(/^site_[0-9A-Za-z]{16,32}$/);
    const requests = fc.record({
      description: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
      script: fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }),
      launch_at: fc.constantFrom('2030-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999+14:00', '0001-01-01T00:00:00Z'),
      sites: fc.uniqueArray(siteId, { minLength: 1, maxLength: 3 }),
      notify: fc.uniqueArray(fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 220 }), { maxLength: 3 }),
      test_site_id: fc.option(siteId),
    });
    fc.assert(
      fc.property(requests, (request) => {
        const accepted = create.safeParse(request);
        fc.pre(accepted.success);
        const { launch_at, test_site_id, make_backup, abort_if_offline, ...rest } = accepted.data;
        const plan = { ...rest, launchAt: launch_at, testSiteId: test_site_id, makeBackup: make_backup, abortIfOffline: abort_if_offline };
        const ids = { scriptId: '018f5bda-4690-4432-8472-358b2734f19b', organizationId: 'org_a', scriptSha256: 'a'.repeat(64) };
        expect(checkPromise('scheduled-script.created.v1', { ...ids, ...plan })).toBe('kept');
      }),
    );
  });
});

describe('PUT /scripts/scheduled/{id}', () => {
  it('leaves out what is to stay', () => {
    const { launch_at: _, ...rest } = body;
    expect(revise.parse(rest)).toEqual({ ...rest, notify: [], make_backup: false });
    expect(revise.parse({ ...rest, test_site_id: null })).toHaveProperty('test_site_id', null);
  });
});

describe('POST /sites', () => {
  const router = { name: 'Branch 12', host: '10.1.2.3', username: 'automation', password: '' };

  it('fills in the defaults', () => {
    expect(siteRequests.create.parse(router)).toEqual({ ...router, tls: 'verify', tls_fingerprint: null, serial: null });
  });

  it('takes a fingerprint as tools print it', () => {
    const printed = Array.from({ length: 32 }, () => 'AB').join(':');
    expect(siteRequests.create.parse({ ...router, tls: 'pin', tls_fingerprint: printed }).tls_fingerprint).toBe('ab'.repeat(32));
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['a pin without a fingerprint', { tls: 'pin' }, 'tls_fingerprint: custom'],
    ['a fingerprint that nobody compares', { tls_fingerprint: 'ab'.repeat(32) }, 'tls_fingerprint: custom'],
    ['a host with a port', { host: 'router:8729' }, 'host: custom'],
    ['a host with a path', { host: 'router/' }, 'host: custom'],
    ['an empty host', { host: '' }, 'host: custom'],
    ['port 0', { port: 0 }, 'port: too_small'],
    ['half a port', { port: 1.5 }, 'port: invalid_type'],
    ['a field of its own', { created_at: 'x' }, ': unrecognized_keys'],
  ])('refuses %s', (_, change, complaint) => {
    expect(complaints(siteRequests.create, { ...router, ...change })).toEqual([complaint]);
  });

  const misleading = ['\t', '\n', '\r\n', '\u001b[2J', '\u007f', '\u0085', '\u2028', '\u202e', '\u2066'];

  it.each(['name', 'username', 'serial'])('refuses a %s that is not one line in one direction', (field) => {
    for (const text of misleading) {
      for (const schema of [siteRequests.create, siteRequests.change.required()]) {
        const whole = { tls: 'none', port: 8728, tls_fingerprint: null, serial: null, ...router };
        expect(complaints(schema, { ...whole, [field]: `a${text}b` })).toEqual([`${field}: invalid_format`]);
      }
    }
  });

  it('accepts names of any script, and a password of any characters', () => {
    const named = { name: 'محطة 12 \u200f– Zürich 🚀 \u00a0Ö', serial: 'HC-1', username: 'änder', password: misleading.join('') };
    expect(complaints(siteRequests.create, { ...router, ...named })).toEqual([]);
  });

  it.each(['fd00::1', 'router.example.net', 'r1'])('accepts the host %s', (host) => {
    expect(complaints(siteRequests.create, { ...router, host })).toEqual([]);
  });

  it('changes only what a PATCH names', () => {
    expect(siteRequests.change.parse({ serial: null })).toEqual({ serial: null });
    expect(siteRequests.change.parse({})).toEqual({});
    expect(complaints(siteRequests.change, { id: site(1) })).toEqual([': unrecognized_keys']);
  });
});

describe('queries and headers', () => {
  it('reads the filters of the list', () => {
    const query = { status: 'launched', site: site(1), launch_after: '2030-01-01T01:00:00+01:00', limit: '50', cursor: 'abc_-1' };
    expect(scheduledScriptListQuery.parse(query)).toEqual({ ...query, launch_after: '2030-01-01T00:00:00.000000Z', limit: 50 });
  });

  it.each([
    { limit: '0' },
    { limit: '1001' },
    { limit: '1.5' },
    { limit: '-1' },
    { limit: '' },
    { cursor: '' },
    { cursor: 'a b' },
    { page: '2' },
  ])('refuses %j', (query) => {
    expect(complaints(pageQuery, query)).toHaveLength(1);
  });

  it.each([
    ['*', undefined],
    ['"3-abc_D-e"', [3]],
    ['W/"3-abc"', [3]],
    ['"abc"', []],
    ['"0-abc"', []],
    ['"9-x", W/"1-y"', [9, 1]],
    ['"9-x","a, \\", "1-y"', [9, 1]],
    [' , "9-x" ,, "1-y", ', [9, 1]],
    [Array.from({ length: 100 }, () => '"2-x"').join(), Array.from({ length: 100 }, () => 2)],
  ])('If-Match %.40s asks for one of the versions %j', (header, versions) => {
    expect(ifMatchHeader.parse(header)).toEqual(versions);
  });

  it('refuses headers of another form', () => {
    const tooMany = Array.from({ length: 101 }, () => '"2-x"').join();
    const malformed = ['3', '', ',', '"1-a" "2-b"', '"1-a""2-b"', '"1-a", 2', '"1-a", "', '*, "1-a"', '*, *', 'w/"1-a"', tooMany];
    for (const header of malformed) expect([header, ...complaints(ifMatchHeader, header)]).toEqual([header, ': custom']);
    for (const header of ['0', '-1', '1.0', 'x', '9999999999']) expect(complaints(minVersionHeader, header)).toHaveLength(1);
    for (const header of ['', 'a b', 'é', 'x'.repeat(256)]) expect(complaints(idempotencyKeyHeader, header)).toHaveLength(1);
    expect(minVersionHeader.parse('12')).toBe(12);
    expect(idempotencyKeyHeader.parse('x'.repeat(255))).toHaveLength(255);
  });

  it('takes UUIDs in either case, as one', () => {
    expect(parseUuid('018F5BDA-4690-4432-8472-358B2734F19B')).toBe('018f5bda-4690-4432-8472-358b2734f19b');
    expect(parseUuid('018f5bda46904432-8472-358b2734f19b')).toBeNull();
  });
});
