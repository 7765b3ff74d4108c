import { MessagingUnavailable } from '../messaging.js';

interface Told extends Error {
  /** Kafka's own name of an error, such as `UNKNOWN_MEMBER_ID`. */
  readonly type?: string;
}

const isKafkajs = (error: unknown): error is Told => error instanceof Error && error.name.startsWith('KafkaJS');

/** The name that the broker gave it, however deep kafkajs has wrapped it. */
export const typeOf = (error: unknown): string | undefined => {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('type' in at && typeof at.type === 'string') return at.type;
  }
  return undefined;
};

/** What no repetition mends. */
const final = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD', 'INVALID_TIMESTAMP', 'INVALID_TOPIC_EXCEPTION']);

/** kafkajs calls many an outage "non-retriable": whatever is not known to be final may pass. */
export const told = (error: unknown, trouble?: string): unknown => {
  if (!isKafkajs(error) || final.has(typeOf(error) ?? '')) return error;
  const why = trouble === undefined || error.message.includes(trouble) ? error.message : `${error.message} (${trouble})`;
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
