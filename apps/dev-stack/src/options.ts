import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface RealRouter {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly username: string;
}

export interface StackOptions {
  readonly once: boolean;
  readonly data: string;
  /** Of the gateway; 0: where it was before. */
  readonly port: number;
  readonly realRouters: readonly RealRouter[];
}

/** A text that needs no build: `--help` comes first in a fresh clone. */
export const help = readFileSync(new URL('../usage/start.txt', import.meta.url), 'utf8');

/** Whoever started us can mend it. */
export class UsageError extends Error {}

const portOf = (text: string, what: string): number => {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1 || port > 65_535) throw new UsageError(`${what}: ${text} is not a port`);
  return port;
};

const routerOf = (text: string, username: string | undefined): RealRouter => {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:]+)\]|([^:]+))(?::(\d+))?$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (!host) throw new UsageError(`--router: ${text} is not HOST[:PORT]`);
  if (!username) throw new UsageError('--router needs --user');
  const at = port === undefined ? 8728 : portOf(port, '--router');
  return { name: `${bracketed === undefined ? host : `[${host}]`}:${at}`, host, port: at, username };
};

const routersOf = (texts: readonly string[], username: string | undefined): readonly RealRouter[] => {
  const routers = texts.map((text) => routerOf(text, username));
  const names = routers.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new UsageError(`--router: ${twice} is named twice`);
  return routers;
};

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean', default: false },
        router: { type: 'string', multiple: true, default: [] },
        user: { type: 'string' },
        port: { type: 'string' },
        data: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
};

/** `null`: help was asked for. Throws `UsageError`. */
export const parseOptions = (args: readonly string[], defaultData: string): StackOptions | null => {
  const values = parse(args);
  if (values.help) return null;
  return {
    once: values.once,
    data: resolve(values.data ?? defaultData),
    port: values.port === undefined ? 0 : portOf(values.port, '--port'),
    realRouters: routersOf(values.router, values.user),
  };
};
