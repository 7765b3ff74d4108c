import { describe, expect, it } from '@jest/globals';
import { parseOptions, UsageError } from './options.js';

const parsed = (...args: readonly string[]) => parseOptions(args, '/kept');

describe('the options', () => {
  it('need not be given', () => {
    expect(parsed()).toEqual({ once: false, data: '/kept', port: 0, realRouters: [] });
  });

  it('name real routers, each at its port', () => {
    const args = ['--router', 'r1.example', '--router', '192.0.2.1:8729', '--router', '[2001:db8::1]', '--router', '[2001:db8::1]:9'];
    expect(parsed(...args, '--user', 'ops')?.realRouters).toEqual([
      { name: 'r1.example:8728', host: 'r1.example', port: 8728, username: 'ops' },
      { name: '192.0.2.1:8729', host: '192.0.2.1', port: 8729, username: 'ops' },
      { name: '[2001:db8::1]:8728', host: '2001:db8::1', port: 8728, username: 'ops' },
      { name: '[2001:db8::1]:9', host: '2001:db8::1', port: 9, username: 'ops' },
    ]);
  });

  it.each([
    [['--password', 'x'], "Unknown option '--password'"],
    [['--router', 'a'], '--router needs --user'],
    [['--router', '2001:db8::1', '--user', 'ops'], '--router: 2001:db8::1 is not HOST[:PORT]'],
    [['--router', 'a', '--router', 'a:8728', '--user', 'ops'], '--router: a:8728 is named twice'],
    [['--router', 'a:0', '--user', 'ops'], '--router: 0 is not a port'],
    [['--port', '1e3'], '--port: 1e3 is not a port'],
    [['stray'], "Unexpected argument 'stray'"],
  ])('that make no sense are refused: %j', (args, why) => {
    expect(() => parsed(...args)).toThrow(UsageError);
    expect(() => parsed(...args)).toThrow(why);
  });

  it('are explained when asked for', () => {
    expect(parsed('--help')).toBeNull();
  });
});
