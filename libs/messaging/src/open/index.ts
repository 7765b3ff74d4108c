import type { Messaging } from '../messaging.js';

export interface OpenMessagingOptions {
  /** The scheme chooses the transport: `postgres:`. */
  readonly url: string;
  /** Which service this is, shown by the transport's own tools. */
  readonly clientId: string;
  /** Troubles that the transport gets over by itself, for a log. */
  readonly onError?: (error: unknown) => void;
}

/** Opens the transport that the URL names, and loads no other. Waits a while for one that is not there yet, then throws `MessagingUnavailable`. */
export const openMessaging = async ({ url, clientId, onError = () => undefined }: OpenMessagingOptions): Promise<Messaging> => {
  const { protocol } = new URL(url);
  switch (protocol) {
    case 'postgres:':
    case 'postgresql:': {
      const { openPostgresMessaging } = await import('../postgres/index.js');
      return openPostgresMessaging({ url, clientId, onError });
    }
    default:
      throw new Error(`no messaging speaks ${protocol}`);
  }
};
