import { describe, expect, it } from '@jest/globals';
import { isMailUrl, parseMailUrl } from './mail-url.js';

describe('the URL of a mail server', () => {
  it.each([
    ['smtp://mail.example', { host: 'mail.example', port: 587, tls: 'starttls', auth: null, caFile: null }],
    ['smtps://mail.example/', { host: 'mail.example', port: 465, tls: 'implicit', auth: null, caFile: null }],
    ['smtp://[::1]:2525?tls=false', { host: '::1', port: 2_525, tls: 'none', auth: null, caFile: null }],
    [
      'smtp://me%40x:p%2Fw@mail.example?ca=%2Frun%2Fca.pem',
      { host: 'mail.example', port: 587, tls: 'starttls', auth: { user: 'me@x', pass: 'p/w' }, caFile: '/run/ca.pem' },
    ],
  ])('is read: %s', (url, address) => {
    expect(parseMailUrl(url)).toEqual({ kind: 'smtp', address });
  });

  it('may be a folder', () => {
    expect(parseMailUrl('file:///var/spool/mails%20here')).toEqual({ kind: 'file', directory: '/var/spool/mails here' });
  });

  it.each([
    'mail.example',
    'http://mail.example',
    'smtp://',
    'smtp://me:hunter2@mail.example?tls=false',
    'smtp://me:hunter2@mail.example?tls=no',
    'smtps://me:hunter2@mail.example?tls=false',
    'smtp://me:hunter2@mail.example/inbox',
    'smtp://me:hunter2@mail.example?verify=false',
    'smtp://hunter2@mail.example',
    'smtp://me:%hunter2@mail.example',
    'file://host/folder',
    'file:///folder?x=1',
  ])('is not %s, which is said without showing it', (url) => {
    expect(isMailUrl(url)).toBe(false);
    expect(() => parseMailUrl(url)).toThrow(/expected smtp/);
    expect(() => parseMailUrl(url)).not.toThrow(/hunter2/);
  });
});
