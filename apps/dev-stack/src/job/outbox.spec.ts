import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { linkIn, mailIn } from './outbox.js';

const mail = (subject: string, encoding: string, text: string): string =>
  [
    'From: Scheduled scripts <s@example>',
    'To: boss@a.example',
    `Subject: ${subject}`,
    'Content-Type: multipart/alternative;',
    ' boundary="--_NmP-1"',
    '',
    '----_NmP-1',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Transfer-Encoding: ${encoding}`,
    '',
    text,
    '----_NmP-1',
    'Content-Type: text/html; charset=utf-8',
    '',
    '<p>script-1 http://wrong.example/</p>',
    '----_NmP-1--',
    '',
  ].join('\r\n');

it('the newest mail about a script is found, and the link in it, however it is encoded', async () => {
  const outbox = await mkdtemp(join(tmpdir(), 'outbox-'));
  const put = (name: string, text: string) => writeFile(join(outbox, name), text);
  expect(linkIn(outbox, 'boss@a.example', 'script-1')).toBeNull();
  await put(
    '20260101T000000Z-a.eml',
    mail('Approval wanted: x', 'quoted-printable', 'Gäste:=\r\n script-1\r\nhttp://h.example/authorize/AB=\r\nC=3D\r\n'),
  );
  expect(linkIn(outbox, 'boss@a.example', 'script-1')).toBe('http://h.example/authorize/ABC=');
  const base64 = Buffer.from('ä script-1\nhttp://h.example/authorize/DEF\nmore').toString('base64');
  await put('20260101T000001Z-a.eml', mail('Approval wanted: x', 'base64', base64));
  await put('20260101T000002Z-b.eml', mail('Launched: x', '7bit', 'script-1'));
  expect(linkIn(outbox, 'boss@a.example', 'script-1')).toBe('http://h.example/authorize/DEF');
  expect(mailIn(outbox, 'boss@a.example', 'script-1', 'Launched')).toEqual({ subject: 'Launched: x', text: 'script-1\r\n' });
  expect(mailIn(outbox, 'clerk@a.example', 'script-1', 'Launched')).toBeNull();
  expect(linkIn(outbox, 'boss@a.example', 'script-2')).toBeNull();
  await rm(outbox, { recursive: true });
});
