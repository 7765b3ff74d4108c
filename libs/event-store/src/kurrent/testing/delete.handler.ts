import { streamDeleted } from './append.handler.js';
import { any, noStream, streamExists, type EventLog, type Expected } from './event-log.js';
import { CallFailed, handlerThrew, type GrpcCall } from './grpc-call.js';
import { nameOf, streams } from './protocol.js';

type Options = InstanceType<(typeof streams)['DeleteReq']['Options']> | InstanceType<(typeof streams)['TombstoneReq']['Options']>;

const expectedOf = (options: Options, kind: 'Delete' | 'Tombstone'): Expected => {
  if (options.hasRevision()) return BigInt.asIntN(64, BigInt(options.getRevision()));
  if (options.hasNoStream()) return noStream;
  if (options.hasAny()) return any;
  if (options.hasStreamExists()) return streamExists;
  throw new CallFailed(3, `'None' is not a valid EventStore.Client.Streams.${kind}Req+Types+Options+ExpectedStreamRevisionOneofCase`);
};

/** Hides a stream, or ends it for good. */
export const deleteHandler =
  (log: EventLog, kind: 'Delete' | 'Tombstone') =>
  async (call: GrpcCall): Promise<void> => {
    const Request = kind === 'Delete' ? streams.DeleteReq : streams.TombstoneReq;
    for await (const bytes of call.messages()) {
      const options = Request.deserializeBinary(bytes).getOptions();
      const stream = nameOf(options?.getStreamIdentifier());
      if (!options || !stream) throw handlerThrew();
      const expected = expectedOf(options, kind);
      const result = kind === 'Delete' ? log.delete(stream, expected) : log.tombstone(stream, expected);
      if (result.kind === 'deleted') throw streamDeleted(stream);
      if (result.kind === 'wrong') {
        const [wanted, found] = [String(expected), String(result.actual)];
        const words = `Delete failed due to WrongExpectedVersion. Stream: ${stream}, Expected version: ${wanted}, Actual version: ${found}`;
        const trailers = { 'stream-name': stream, 'expected-version': wanted, 'actual-version': found };
        throw new CallFailed(9, words, { exception: 'wrong-expected-version', ...trailers });
      }
      const at = String(result.position);
      if (kind === 'Delete') {
        const position = new streams.DeleteResp.Position().setCommitPosition(at).setPreparePosition(at);
        await call.send(new streams.DeleteResp().setPosition(position).serializeBinary());
      } else {
        const position = new streams.TombstoneResp.Position().setCommitPosition(at).setPreparePosition(at);
        await call.send(new streams.TombstoneResp().setPosition(position).serializeBinary());
      }
    }
  };
