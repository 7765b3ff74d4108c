// What a broker of one node is told.
const module = {
  plain: 'org.apache.kafka.common.security.plain.PlainLoginModule',
  scram: 'org.apache.kafka.common.security.scram.ScramLoginModule',
};

export const keystorePassword = 'keystore';

/** Kafka's names of the listeners that a caller may ask for beside the plain one. */
const names = { plain: 'PLAINTEXT', sasl: 'SASL', tls: 'TLS', saslTls: 'SASLTLS' };

const isSasl = (listener) => listener === 'sasl' || listener === 'saslTls';

const quoted = (text) => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

const logins = (listener, users) => {
  const prefix = `listener.name.${names[listener].toLowerCase()}`;
  const known = Object.entries(users).map(([name, password]) => `user_${name}=${quoted(password)}`);
  return {
    [`${prefix}.plain.sasl.jaas.config`]: `${module.plain} required ${known.join(' ')};`,
    [`${prefix}.scram-sha-256.sasl.jaas.config`]: `${module.scram} required;`,
    [`${prefix}.scram-sha-512.sasl.jaas.config`]: `${module.scram} required;`,
  };
};

const at = (name, port) => `${name}://127.0.0.1:${port}`;

/** `ports`: of the controller and of each listener; `overrides` win. */
export const serverProperties = ({ data, ports, users, keystore, overrides }) => {
  const listeners = Object.keys(ports).filter((name) => name !== 'controller');
  return {
    'process.roles': 'broker,controller',
    'node.id': 1,
    listeners: [at('CONTROLLER', ports.controller), ...listeners.map((listener) => at(names[listener], ports[listener]))].join(),
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SSL,SASLTLS:SASL_SSL',
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.bootstrap.servers': `127.0.0.1:${ports.controller}`,
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': data,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 1,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 1,
    'group.initial.rebalance.delay.ms': 0,
    // So that consumers may be taken for dead within a test's patience.
    'group.min.session.timeout.ms': 500,
    // After a kill the controller refuses the broker for this long.
    'broker.session.timeout.ms': 1000,
    'broker.heartbeat.interval.ms': 200,
    'auto.create.topics.enable': false,
    ...(listeners.some(isSasl) && { 'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512' }),
    ...Object.assign({}, ...listeners.filter(isSasl).map((listener) => logins(listener, users))),
    ...(keystore && {
      'ssl.keystore.type': 'PKCS12',
      'ssl.keystore.location': keystore,
      'ssl.keystore.password': keystorePassword,
    }),
    ...overrides,
  };
};

export const propertiesText = (properties) =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${String(value).replaceAll('\\', String.raw`\\`)}\n`)
    .join('');
