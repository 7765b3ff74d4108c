import type { ClientConfig } from 'pg';
import type { DatabaseOptions } from './database.js';

/** Also how long a call waits for a session of the pool to be free. */
const connectTimeoutMillis = 5_000;

/**
 * Callers of the APIs give up after 15 s. A request that meets a server which has fallen silent waits for one statement until it knows that
 * (this and the margin), and may then try to connect once more to leave things tidy: 11 s.
 */
const defaultStatementTimeoutMillis = 5_000;

/** By then a server that can speak has said itself that the statement took too long. */
const silenceMarginMillis = 1_000;

/** Quotes a name for SQL text. */
export const quoteIdentifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Names that we put into SQL text are ours, never a caller's input: anything but a plain lower-case name is a bug. */
export const plainIdentifier = (name: string): string => {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(name)) throw new Error(`not a plain SQL name: ${name.slice(0, 70)}`);
  return name;
};

/**
 * Settings travel in the startup message, so that a new connection costs no extra round trip. They are put into the URL, because the
 * driver lets the URL win over its own options.
 */
export const connectionConfig = (options: DatabaseOptions, role: 'pool' | 'listen' | 'migrate'): ClientConfig => {
  const statementTimeout = role === 'migrate' ? 0 : (options.statementTimeoutMillis ?? defaultStatementTimeoutMillis);
  const url = new URL(options.url);
  const settings = [
    url.searchParams.get('options'),
    `-c search_path=${plainIdentifier(options.schema)},public`,
    `-c statement_timeout=${statementTimeout}`,
    `-c idle_in_transaction_session_timeout=${role === 'migrate' ? 0 : 60_000}`,
  ];
  url.searchParams.set('options', settings.filter(Boolean).join(' '));
  url.searchParams.set('application_name', options.applicationName);
  return {
    connectionString: url.href,
    connectionTimeoutMillis: connectTimeoutMillis,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    // A server that stands still, or behind a dead network, keeps no time of ours.
    ...(role === 'migrate' ? {} : { query_timeout: statementTimeout + silenceMarginMillis }),
  };
};
