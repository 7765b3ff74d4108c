import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { runInContext } from '../context/request-context.js';
import { Secret } from '../environment/secret.js';
import { recordingLogger } from '../testing/fixture.js';
import type { Logger } from '../logger.js';
import { NestLogger } from './nest.logger.js';

const written = (write: (logger: Logger) => void): Record<string, unknown> => {
  const { logger, lines } = recordingLogger();
  write(logger);
  expect(lines().length).toBe(1);
  return lines()[0] ?? {};
};

describe('a line of the log', () => {
  it('says what, when, how bad, and who', () => {
    expect(written((logger) => logger.info({ batch: 3 }, 'stored'))).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      service: 'test',
      batch: 3,
      msg: 'stored',
    });
  });

  it('belongs to the request or message under way, also after waiting', async () => {
    const { logger, lines } = recordingLogger();
    const context = { requestId: 'r', correlationId: 'c', causationId: 'k', traceparent: 't' };
    await runInContext(context, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      logger.info('inside');
      logger.child({ worker: 'w' }).info('inside a child');
    });
    logger.info('outside');
    expect(lines()).toEqual([
      expect.objectContaining({ requestId: 'r', correlationId: 'c', traceparent: 't' }),
      expect.objectContaining({ requestId: 'r', worker: 'w' }),
      expect.not.objectContaining({ requestId: expect.anything() }),
    ]);
  });

  it.each([
    ['password'],
    ['newPassword'],
    ['passwd'],
    ['passphrase'],
    ['authorization'],
    ['Authorization'],
    ['set-cookie'],
    ['cookie'],
    ['token'],
    ['access_token'],
    ['clientSecret'],
    ['SECRET_KEY'],
    ['apiKey'],
    ['api-key'],
    ['privateKey'],
    ['encryption_key'],
    ['credentials'],
  ])('hides what is called %s, however deep', (name) => {
    const line = written((logger) => logger.info({ [name]: 'hunter2', deep: { list: [{ [name]: { inner: 'hunter2' } }] } }, 'x'));
    expect(JSON.stringify(line)).not.toContain('hunter2');
    expect(JSON.stringify(line)).toContain('[redacted]');
  });

  it('hides it in a child, too', () => {
    expect(JSON.stringify(written((logger) => logger.child({ password: 'hunter2' }).info('x')))).not.toContain('hunter2');
  });

  it.each([
    'postgres://user:hunter2@db.example/x',
    'the header was Authorization: Bearer hunter2hunter2',
    'basic hunter2hunter2==',
    'got eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJodW50ZXIyIn0.hunter2',
  ])('hides credentials in text: %s', (text) => {
    const cause = new Error(text);
    const line = written((logger) => logger.error({ err: new Error('failed', { cause }), note: text }, text));
    expect(JSON.stringify(line)).not.toMatch(/hunter2|eyJzdWIi/);
  });

  it('shows of an error its code and causes, and not what a driver has hung on it', () => {
    const driver = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'hunter2', parameters: ['hunter2'] });
    const line = written((logger) => logger.error({ err: new Error('could not store', { cause: driver }) }, 'failed'));
    expect(line['err']).toMatchObject({ type: 'Error', message: 'could not store', cause: { message: 'duplicate key', code: '23505' } });
    expect(JSON.stringify(line)).not.toContain('hunter2');
  });

  it('takes an error alone', () => {
    expect(written((logger) => logger.error(new Error('alone')))).toMatchObject({ msg: 'alone', err: { type: 'Error' } });
  });

  it('stays bearable whatever is logged', () => {
    const cycle: Record<string, unknown> = { text: 'x'.repeat(1_000_000), list: Array.from({ length: 10_000 }, (_, i) => i) };
    cycle['self'] = cycle;
    let chain = new Error('the first');
    for (let i = 0; i < 1_000; i += 1) chain = new Error('x'.repeat(10_000), { cause: chain });
    const line = written((logger) =>
      logger.info(
        { cycle, err: chain, big: 10n, bytes: Buffer.from('secret bytes'), hidden: new Secret('hunter2'), map: new Map([['a', 1]]) },
        'x',
      ),
    );
    expect(JSON.stringify(line).length).toBeLessThan(200_000);
    expect(line).toMatchObject({ big: '10', bytes: '[12 bytes]', hidden: '[redacted]', map: [['a', 1]] });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.object({ withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true }), (fields) => {
        expect(written((logger) => logger.info(fields, 'x'))).toHaveProperty('msg');
      }),
      { examples: [[{ ['__proto__']: new Set() }]] },
    );
  });

  it('may come from Nest, which is quiet unless something is wrong', () => {
    const { logger, lines } = recordingLogger();
    const nest = new NestLogger(logger);
    nest.log('started', 'Router');
    nest.warn('odd', 'Router');
    nest.error(new Error('broken'), 'Router');
    expect(lines().map(({ level, nest: part }) => [level, part])).toEqual([
      ['debug', 'Router'],
      ['warn', 'Router'],
      ['error', 'Router'],
    ]);
  });
});
