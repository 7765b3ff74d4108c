import { readFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type {
  ChannelCredentialOptions,
  Credentials,
  DNSClusterOptions,
  GossipClusterOptions,
  SingleNodeOptions,
} from '@eventstore/db-client';

/** What a connection string says, in the client's words. */
export interface KurrentTarget {
  readonly settings: SingleNodeOptions | GossipClusterOptions | DNSClusterOptions;
  readonly channel: ChannelCredentialOptions;
  readonly user: Credentials | undefined;
  /** `defaultDeadline`, if it is given. */
  readonly timeoutMillis: number | undefined;
}

const form =
  /^(?:esdb|kurrentdb)(?<discover>\+discover)?:\/\/(?:(?<name>[^:@/?]*):(?<password>[^@/?]*)@)?(?<hosts>[^@/?]+)\/?(?:\?(?<options>.*))?$/;
const defaultPort = 2113;

/** Neither the URL nor a value of it goes into an error: it may hold a password. */
const refuse = (what: string): never => {
  throw new Error(`the URL of the event store: ${what}`);
};

const hostsOf = (list: string) =>
  list.split(',').map((host) => {
    const [address = '', port = String(defaultPort), ...rest] = host.split(':');
    if (address === '' || rest.length > 0 || !/^\d{1,5}$/.test(port)) refuse('a host is written as name:port');
    return { address, port: Number(port) };
  });

class Options {
  private readonly values: Map<string, string>;

  constructor(text: string) {
    this.values = new Map([...new URLSearchParams(text)].map(([key, value]) => [key.toLowerCase(), value]));
  }

  text(key: string): string | undefined {
    const value = this.values.get(key.toLowerCase());
    this.values.delete(key.toLowerCase());
    return value;
  }

  number(key: string, least: number): number | undefined {
    const value = this.text(key);
    if (value === undefined) return undefined;
    if (!/^\d{1,9}$/.test(value) || Number(value) < least) refuse(`${key} is a whole number from ${least}`);
    return Number(value);
  }

  file(key: string): Buffer | undefined {
    const path = this.text(key);
    return path === undefined ? undefined : readFileSync(isAbsolute(path) ? path : resolve(path));
  }

  isTrue(key: string): boolean {
    const value = this.text(key) ?? 'true';
    if (value !== 'true' && value !== 'false') refuse(`${key} is true or false`);
    return value === 'true';
  }

  /** Options of other clients that would change what this adapter promises. */
  only(key: string, allowed: string): void {
    const value = this.text(key);
    if (value !== undefined && value.toLowerCase() !== allowed) refuse(`${key} can only be ${allowed}`);
  }

  end(): void {
    for (const key of this.values.keys()) refuse(`the option ${key} is not known`);
  }
}

const given = <T extends object>(values: T): T =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;

/**
 * Reads `esdb://`, `esdb+discover://`, `kurrentdb://` and `kurrentdb+discover://`. The client's own reader prints connection strings,
 * passwords included, into warnings and errors.
 */
export const parseConnectionString = (url: string): KurrentTarget => {
  const parts = form.exec(url.trim())?.groups ?? refuse('it is written as esdb://name:password@host:port?options');
  const hosts = hostsOf(parts['hosts'] ?? '');
  const options = new Options(parts['options'] ?? '');
  options.only('nodePreference', 'leader');
  options.only('tlsVerifyCert', 'true');
  options.only('throwOnAppendFailure', 'true');
  const shared = given({
    keepAliveInterval: options.number('keepAliveInterval', 10_000),
    keepAliveTimeout: options.number('keepAliveTimeout', 1),
    connectionName: options.text('connectionName'),
  });
  const discovery = given({
    maxDiscoverAttempts: options.number('maxDiscoverAttempts', 1),
    discoveryInterval: options.number('discoveryInterval', 1),
    gossipTimeout: options.number('gossipTimeout', 1),
  });
  const channel = given({
    insecure: !options.isTrue('tls'),
    rootCertificate: options.file('tlsCAFile'),
    userCertFile: options.file('userCertFile'),
    userKeyFile: options.file('userKeyFile'),
  });
  const timeoutMillis = options.number('defaultDeadline', 1);
  options.end();
  const [first = refuse('a host is missing')] = hosts;
  const { name, password = '' } = parts;
  return {
    settings: parts['discover']
      ? { discover: first, ...discovery, ...shared }
      : hosts.length > 1
        ? { endpoints: hosts, ...discovery, ...shared }
        : { endpoint: first, ...shared },
    channel,
    user: name ? { username: decodeURIComponent(name), password: decodeURIComponent(password) } : undefined,
    timeoutMillis,
  };
};
