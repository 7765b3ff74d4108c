import { EventStoreDBClient } from '@eventstore/db-client';
import type { KurrentTarget } from './connection-string.js';

type CallMetadata = ReturnType<PlainClient['callArguments']>[0];

const acceptedEncodings = 'grpc-accept-encoding';

/**
 * Servers from 25.1 on compress every message of an answer for whoever accepts gzip, however small, and grpc-js unpacks them one by one:
 * a tenth of the speed. grpc-js sets this header itself, last of all, into a clone of the call's metadata; so the clone keeps ours.
 */
const uncompressed = (metadata: CallMetadata): CallMetadata => {
  const set = metadata.set.bind(metadata);
  const clone = metadata.clone.bind(metadata);
  metadata.set = (key, value) => set(key, key === acceptedEncodings ? 'identity' : value);
  metadata.clone = () => uncompressed(clone());
  return metadata;
};

/** grpc-js shares a TCP connection among channels of equal options; a client that replaces a dead one must not get the dead connection. */
let connections = 0;
const leastKeepAliveMillis = 10_000;

/** The maker's client, without what makes it hang (see docs/adr/0008-eventstore-client.md). */
export class PlainClient extends EventStoreDBClient {
  private channel: ReturnType<PlainClient['getChannel']> | undefined;

  constructor({ settings, channel, user }: KurrentTarget, connectionName: string) {
    const { keepAliveInterval = leastKeepAliveMillis } = settings;
    connections += 1;
    const own = { connectionName, keepAliveTimeout: 5_000, ...settings, keepAliveInterval: keepAliveInterval + (connections % 1_000) };
    super(own as ConstructorParameters<typeof EventStoreDBClient>[0], channel, user);

    // Appends go out as one call each, which has a deadline and ends. On the shared call of batches a lost connection rejects the
    // appends of every client in the process, and a late second answer throws where nobody can catch it.
    this.supports = async () => false;

    const { callArguments, getChannel } = this;
    // Reads come with an infinite deadline of their own that beats the one we ask for.
    this.callArguments = (options, callOptions) => {
      const [metadata, rest] = callArguments(options, options.deadline === undefined ? callOptions : undefined);
      return [uncompressed(metadata), rest];
    };
    this.getChannel = () => {
      this.channel = getChannel();
      return this.channel;
    };
  }

  /** Ends what is open. `dispose` alone leaves the connection behind. */
  async close(): Promise<void> {
    await this.dispose();
    const channel = await this.channel?.catch(() => undefined);
    channel?.close();
  }
}
