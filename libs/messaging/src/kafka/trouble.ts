import { MessagingUnavailable, TopicMismatch } from '../messaging.js';

interface Told extends Error {
  /** Kafka's own name of an error, such as `UNKNOWN_MEMBER_ID`. */
  readonly type?: string;
  readonly retriable?: boolean;
}

const isKafkajs = (error: unknown): error is Told => error instanceof Error && error.name.startsWith('KafkaJS');

/** The name that the broker gave it, however deep kafkajs has wrapped it. */
export const typeOf = (error: unknown): string | undefined => {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('type' in at && typeof at.type === 'string') return at.type;
  }
  return undefined;
};

/** Kafka itself says that the same may succeed in a moment. */
export const mayPass = (error: unknown): boolean => isKafkajs(error) && error.type !== undefined && error.retriable === true;

/** What no repetition mends. */
const final = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'INVALID_TIMESTAMP', 'INVALID_TOPIC_EXCEPTION']);

/** What kafkajs says of several topics at once is in a list. */
const wordsOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const all: readonly unknown[] = 'errors' in error && Array.isArray(error.errors) ? error.errors : [];
  return [error.message, ...all.map(wordsOf)].join(': ');
};

/**
 * kafkajs calls many an outage "non-retriable", and trips over its own feet in some (a `TypeError` of a broker that it has forgotten):
 * whatever is not known to be final may pass.
 */
export const told = (error: unknown, trouble?: string): unknown => {
  if (error instanceof MessagingUnavailable || error instanceof TopicMismatch || final.has(typeOf(error) ?? '')) return error;
  const words = wordsOf(error);
  const why = trouble === undefined || words.includes(trouble) ? words : `${words} (${trouble})`;
  return new MessagingUnavailable(`Kafka cannot do that now: ${why}`, { cause: error });
};

/** Waits for `work` at most so long; then `giveUp` is called, once, and it rejects with what that answers. */
export const within = async <T>(millis: number, work: Promise<T>, giveUp: () => unknown): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(giveUp()), millis);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** Waits for `work` at most so long, whatever comes of it: for farewells, which an outage must not hold up. */
export const briefly = async (millis: number, work: Promise<unknown>): Promise<void> => {
  await within(millis, work, () => new Error('late')).catch(() => undefined);
};
