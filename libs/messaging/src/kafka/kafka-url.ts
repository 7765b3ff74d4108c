const mechanisms = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;

export interface KafkaAddress {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  readonly isEncrypted: boolean;
  readonly sasl?: { readonly mechanism: (typeof mechanisms)[number]; readonly username: string; readonly password: string };
  /** Files with PEM: who vouches for the brokers, and what we show them. */
  readonly files: { readonly ca?: string; readonly cert?: string; readonly key?: string };
  /** Of topics that are created; the cluster's default unless told. */
  readonly replicationFactor?: number;
}

const form =
  'kafka[s]://[user:password@]host:port[,host:port…][?sasl=plain|scram-sha-256|scram-sha-512&replication=3&ca=file&cert=file&key=file]';
const shape = /^(kafkas?):\/\/(?:([^:@/?#]+):([^@/?#]*)@)?([^@/?#]+)\/?(?:\?([^#]*))?$/;
const broker = /^[A-Za-z0-9._-]+:\d{1,5}$/;
const parameters = new Set(['sasl', 'replication', 'ca', 'cert', 'key']);

/** Says what is wrong, and never what was given: there may be a password in it. */
const refuse = (what: string): never => {
  throw new Error(`${what}; expected ${form}`);
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse('the user or the password of the Kafka URL is not percent-encoded');
  }
};

const replicationOf = (text: string | null): number | undefined => {
  if (text === null) return undefined;
  return /^[1-9]\d?$/.test(text) ? Number(text) : refuse('the replication of the Kafka URL is not a number');
};

/** `kafkas:` is TLS. A URL of several hosts is none that `URL` understands. */
export const parseKafkaUrl = (url: string): KafkaAddress => {
  const [, scheme, username, password, hosts, query] = shape.exec(url) ?? refuse('this is no Kafka URL');
  const brokers = (hosts ?? '').split(',');
  if (!brokers.every((one) => broker.test(one))) refuse('a broker of the Kafka URL is not host:port');
  const asked = new URLSearchParams(query);
  for (const name of asked.keys()) if (!parameters.has(name)) refuse('the Kafka URL has an unknown parameter');
  const mechanism = mechanisms.find((one) => one === (asked.get('sasl') ?? 'scram-sha-512'));
  if (mechanism === undefined) return refuse('the Kafka URL asks for an unknown way to log in');
  if (asked.has('sasl') && username === undefined) refuse('the Kafka URL names nobody who logs in');
  const file = (name: 'ca' | 'cert' | 'key') => (asked.has(name) ? { [name]: asked.get(name) ?? '' } : {});
  const files = { ...file('ca'), ...file('cert'), ...file('key') };
  if (scheme === 'kafka' && Object.keys(files).length > 0) refuse('certificates are for kafkas:');
  const replicationFactor = replicationOf(asked.get('replication'));
  return {
    brokers,
    isEncrypted: scheme === 'kafkas',
    ...(username !== undefined && { sasl: { mechanism, username: decoded(username), password: decoded(password ?? '') } }),
    files,
    ...(replicationFactor !== undefined && { replicationFactor }),
  };
};
