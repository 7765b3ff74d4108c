import { topicSpecifications, type TopicName } from '../topics.js';
import { headersSchema } from './header.schemas.js';
import type { JsonObject } from '../../json.js';

/** A message as it was once published, and must be readable for ever. */
export interface GoldenMessage {
  readonly id: string;
  readonly topic: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: JsonObject;
}

const bindingVersion = '0.5.0';

/** What messaging makes of the topics. */
const topicConfiguration = {
  'cleanup.policy': ['delete'],
  'retention.ms': -1,
  'retention.bytes': -1,
  'max.message.bytes': 2 * 1024 * 1024,
};

interface Channel {
  readonly title: string;
  readonly summary: string;
  readonly description: string;
  readonly key: JsonObject;
}

const channels: Readonly<Record<TopicName, Channel>> = {
  'scheduled-script.events.v1': {
    title: 'What becomes of scheduled scripts',
    summary: 'From the creation of a script to the end of its rollout, and what machines say about it.',
    description: 'Holds the text of scripts: grant access accordingly.',
    key: { description: 'The id of the script.', type: 'string', format: 'uuid' },
  },
  'site-execution.events.v1': {
    title: 'What happens at the sites',
    summary: 'Every run of a script at a site, step by step.',
    description: 'Holds no script; but the message of a failure holds what a router said, which may quote a line of one.',
    key: { description: 'The id of the site, so that what happens at one router stays in order.', type: 'string' },
  },
};

const ref = (...path: readonly string[]): JsonObject => ({ $ref: `#/${path.join('/')}` });

const messageOf = (type: string, { title = type, description = '' }: JsonObject, { headers, value }: GoldenMessage, key: JsonObject) => ({
  name: type,
  title,
  summary: description,
  contentType: 'application/json',
  headers: { type: 'object', allOf: [ref('components', 'schemas', 'headers'), { properties: { ce_type: { const: type } } }] },
  payload: ref('components', 'schemas', type),
  bindings: { kafka: { key, bindingVersion } },
  examples: [{ headers, payload: value }],
});

const withoutDialect = ({ $schema: _dialect, ...schema }: JsonObject): JsonObject => schema;

/** What one topic adds to the document. */
const parts = (topic: TopicName, partitions: number, schemas: Schemas, golden: Golden) => {
  const { key, ...words } = channels[topic];
  const messages = Object.entries(schemas).flatMap(([type, schema]) => {
    const example = golden[type];
    return example?.topic === topic ? [[type, messageOf(type, schema, example, key)] as const] : [];
  });
  const channel = {
    address: topic,
    ...words,
    messages: Object.fromEntries(messages.map(([type]) => [type, ref('components', 'messages', type)])),
    bindings: { kafka: { topic, partitions, topicConfiguration, bindingVersion } },
  };
  const operation = { action: 'receive', channel: ref('channels', topic), summary: words.summary };
  return { messages, channel, operation };
};

type Schemas = Readonly<Record<string, JsonObject>>;
type Golden = Readonly<Record<string, GoldenMessage>>;

/** AsyncAPI 3.0: the topics and their messages, as the application of a consumer receives them. Leaves out what has no golden message. */
export const asyncApiDocument = (schemas: Schemas, golden: Golden): JsonObject => {
  const topics = topicSpecifications.map(({ name, partitions }) => ({ name, ...parts(name, partitions, schemas, golden) }));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Events of scheduled scripts',
      version: '1.0.0',
      description:
        'What teams that consume the topics of scheduled-scripts may rely on, seen from the consumer: every operation receives. ' +
        'Each type of message is a version of its own. A version may gain optional fields and changes in no other way; what needs more ' +
        'becomes a new type. docs/consuming-events.md says how to read the topics.',
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(topics.map(({ name, channel }) => [name, channel])),
    operations: Object.fromEntries(topics.map(({ name, operation }) => [`receive.${name}`, operation])),
    components: {
      messages: Object.fromEntries(topics.flatMap(({ messages }) => messages)),
      schemas: Object.fromEntries(
        [['headers', headersSchema] as const, ...Object.entries(schemas)].map(([name, schema]) => [name, withoutDialect(schema)]),
      ),
    },
  };
};
