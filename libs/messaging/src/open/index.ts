import { topicSpecifications } from '@scheduled-scripts/contracts';
import type { Messaging } from '../messaging.js';

export interface OpenMessagingOptions {
  /** The scheme chooses the transport: `postgres:`, or `kafka:` and with TLS `kafkas:`, as `KafkaMessagingOptions` tells. */
  readonly url: string;
  /** Which service this is, shown by the transport's own tools. */
  readonly clientId: string;
  /** Troubles that the transport gets over by itself, for a log. */
  readonly onError?: (error: unknown) => void;
}

/** Opens the transport that the URL names, and loads no other. Waits a while for one that is not there yet, then throws `MessagingUnavailable`. */
export const openMessaging = async ({ url, clientId, onError = () => undefined }: OpenMessagingOptions): Promise<Messaging> => {
  // Not by `URL`: it knows no list of hosts, and its error carries what it was given, password and all.
  const scheme = /^([a-z]+):/.exec(url)?.[1];
  switch (scheme) {
    case 'postgres':
    case 'postgresql': {
      const { openPostgresMessaging } = await import('../postgres/index.js');
      return openPostgresMessaging({ url, clientId, onError });
    }
    case 'kafka':
    case 'kafkas': {
      const { openKafkaMessaging } = await import('../kafka/index.js');
      return openKafkaMessaging({ url, clientId, onError });
    }
    default:
      throw new Error(`no messaging speaks ${scheme ?? 'what the URL begins with'}:`);
  }
};

/** The same with the topics of the contracts, which are created where missing; one that is not as promised throws `TopicMismatch`. */
export const openTopics = async (options: OpenMessagingOptions): Promise<Messaging> => {
  const messaging = await openMessaging(options);
  try {
    await messaging.ensureTopics(topicSpecifications);
  } catch (error) {
    await messaging.close();
    throw error;
  }
  return messaging;
};
