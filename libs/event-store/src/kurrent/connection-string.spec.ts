import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseConnectionString } from './connection-string.js';

const local = { endpoint: { address: 'localhost', port: 2113 } };

describe('a connection string', () => {
  it.each([
    ['esdb://localhost:2113?tls=false', { settings: local, channel: { insecure: true } }],
    ['kurrentdb://localhost?tls=false', { settings: local, channel: { insecure: true } }],
    ['esdb://localhost/', { settings: local, channel: { insecure: false } }],
    ['esdb://admin:p%40ss@localhost', { settings: local, user: { username: 'admin', password: 'p@ss' } }],
    ['kurrentdb+discover://cluster.example:4000', { settings: { discover: { address: 'cluster.example', port: 4000 } } }],
    [
      'esdb://a:1,b:2,c?maxDiscoverAttempts=3&gossipTimeout=2&discoveryInterval=50',
      {
        settings: {
          endpoints: [
            { address: 'a', port: 1 },
            { address: 'b', port: 2 },
            { address: 'c', port: 2113 },
          ],
          maxDiscoverAttempts: 3,
          gossipTimeout: 2,
          discoveryInterval: 50,
        },
      },
    ],
    [
      'esdb://localhost?KeepAliveInterval=20000&keepAliveTimeout=4000&nodePreference=Leader&throwOnAppendFailure=true&tlsVerifyCert=true',
      { settings: { ...local, keepAliveInterval: 20_000, keepAliveTimeout: 4_000 } },
    ],
    ['esdb://localhost?defaultDeadline=2500', { timeoutMillis: 2_500 }],
    ['esdb://localhost?connectionName=night%20shift', { settings: { connectionName: 'night shift' } }],
  ])('is understood: %s', (url, expected) => {
    expect(parseConnectionString(url)).toMatchObject(expected);
  });

  it('names files by path', () => {
    const file = join(tmpdir(), `authority-${process.pid}.pem`);
    writeFileSync(file, 'a certificate');
    const url = `esdb://localhost?tlsCAFile=${encodeURIComponent(file)}`;
    expect(parseConnectionString(url).channel.rootCertificate?.toString()).toBe('a certificate');
  });

  it.each([
    'http://admin:secret@localhost:2113',
    'esdb://admin:secret@',
    'esdb://admin:secret@localhost:port',
    'esdb://admin:secret@a:1:2',
    'esdb://admin:secret@localhost?tls=perhaps',
    'esdb://admin:secret@localhost?keepAliveInterval=5',
    'esdb://admin:secret@localhost?nodePreference=follower',
    'esdb://admin:secret@localhost?tlsVerifyCert=false',
    'esdb://admin:secret@localhost?throwOnAppendFailure=false',
    'esdb://admin:secret@localhost?secret=secret',
  ])('is refused, and no part of it told: %s', (url) => {
    expect(() => parseConnectionString(url)).toThrow('the URL of the event store');
    expect(() => parseConnectionString(url)).not.toThrow(/admin|localhost|secret@|:secret/);
  });
});
