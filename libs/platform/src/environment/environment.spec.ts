import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { definitionOf } from '../testing/fixture.js';
import { ThingsModule } from '../testing/things.module.js';
import { EnvironmentError, parseEnvironment, type EnvironmentVariables } from './environment.js';
import { helpText } from './help.js';
import { secret, type Secret } from './secret.js';
import { serviceEnvironment } from './service.environment.js';

const schema = serviceEnvironment.extend({
  DATABASE_URL: secret(z.string().startsWith('postgres://')).describe('Where the tables are'),
  MAIL_PASSWORD: secret().optional().describe('For the mail server'),
  BATCH: z.coerce.number().int().min(1).max(100).default(10).describe('Rows a time'),
  MODE: z.enum(['embedded', 'distributed']).describe('Which profile'),
});

const good = { DATABASE_URL: 'postgres://user:hunter2@db/x', MODE: 'embedded' };

function errorOf(env: EnvironmentVariables): EnvironmentError {
  try {
    parseEnvironment(schema, env);
  } catch (error) {
    if (error instanceof EnvironmentError) return error;
  }
  throw new Error('The environment was accepted.');
}

const reasons = (env: EnvironmentVariables): Record<string, string> =>
  Object.fromEntries(errorOf(env).variables.map(({ name, reason }) => [name, reason]));

const fileWith = (text: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'secret-')), 'value');
  writeFileSync(file, text);
  return file;
};

describe('an environment', () => {
  it('gives typed values, defaults for the rest, and stays as it is', () => {
    const env = parseEnvironment(schema, { ...good, PORT: '8080', PATH: '/bin', BATCH: '' });
    expect(env).toMatchObject({ PORT: 8080, BATCH: 10, LOG_LEVEL: 'info', NODE_ENV: 'development', MODE: 'embedded' });
    expect(env).not.toHaveProperty('PATH');
    expect(env.MAIL_PASSWORD).toBeUndefined();
    expect(() => Object.assign(env, { PORT: 1 })).toThrow(TypeError);
  });

  it('is refused with every wrong variable at once', () => {
    expect(reasons({ PORT: '99999', BATCH: 'many', MODE: 'cloud', LOG_LEVEL: 'loud', DATABASE_URL: '' })).toEqual({
      PORT: expect.stringContaining('65535'),
      BATCH: expect.stringContaining('number'),
      MODE: expect.stringContaining('embedded'),
      LOG_LEVEL: expect.stringContaining('trace'),
      DATABASE_URL: 'is required',
    });
  });

  it('is refused without a value of it being repeated', () => {
    const { message } = errorOf({ PORT: 'hunter2', BATCH: 'hunter2', MODE: 'hunter2', DATABASE_URL: 'hunter2', DOC_URL_BASE: 'hunter2' });
    expect(message.split('\n').length).toBe(6);
    expect(message).not.toContain('hunter2');
  });

  it('may name a file that holds a secret, and only a secret', () => {
    const env = parseEnvironment(schema, { MODE: 'embedded', DATABASE_URL_FILE: fileWith('postgres://from-a-file\n') });
    expect(env.DATABASE_URL.reveal()).toBe('postgres://from-a-file');
    expect(reasons({ ...good, MODE: '', MODE_FILE: fileWith('embedded') })).toEqual({ MODE: 'is required' });
  });

  it('is refused when a secret is given twice, or its file is not there or not what it must be', () => {
    expect(reasons({ ...good, DATABASE_URL_FILE: fileWith('postgres://x') })).toEqual({
      DATABASE_URL: expect.stringContaining('DATABASE_URL_FILE'),
    });
    expect(reasons({ MODE: 'embedded', DATABASE_URL_FILE: '/nowhere/secret' })).toEqual({
      DATABASE_URL_FILE: 'the file cannot be read (ENOENT)',
    });
    expect(reasons({ MODE: 'embedded', DATABASE_URL_FILE: fileWith('mysql://hunter2') })).toEqual({
      DATABASE_URL: expect.not.stringContaining('hunter2'),
    });
  });
});

describe('a secret', () => {
  const hidden: Secret = parseEnvironment(schema, good).DATABASE_URL;

  it('shows itself when asked to, and in no other way', () => {
    expect(hidden.reveal()).toBe(good.DATABASE_URL);
    const shown = [String(hidden), JSON.stringify({ hidden }), inspect({ hidden }, { showHidden: true }), Object.values(hidden).join()];
    expect(shown.join()).not.toContain('hunter2');
  });
});

describe('the help', () => {
  const text = helpText({ ...definitionOf(ThingsModule), environment: schema, create: () => Promise.reject(new Error('not called')) });

  it('names every variable with what it is for', () => {
    for (const name of Object.keys(schema.shape)) expect(text).toMatch(new RegExp(`^  ${name} +\\S`, 'm'));
    expect(text).toContain('things: Keeps things for tests.');
  });

  it('says what is required, what the default is, and what is secret', () => {
    expect(text).toMatch(/MODE +Which profile\n +\(required\)/);
    expect(text).toMatch(/BATCH +Rows a time\n +\(default: 10\)/);
    expect(text).toMatch(/DATABASE_URL +Where the tables are\n +\(required; secret; DATABASE_URL_FILE may name a file/);
    expect(text).toMatch(/MAIL_PASSWORD +For the mail server\n +\(secret;/);
  });
});
