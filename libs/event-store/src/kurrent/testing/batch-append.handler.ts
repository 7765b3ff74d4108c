import { fieldsOf, proposedFrom, sizeOf, type Flaw } from './append.handler.js';
import type { Edition } from './edition.js';
import { any, noStream, streamExists, type EventLog, type Expected, type Proposed } from './event-log.js';
import type { GrpcCall } from './grpc-call.js';
import { Any, Code, empty, nameOf, readUuid, rpcStatus, shared, streamIdentifier, streams, writeUuid, type Uuid } from './protocol.js';

type Request = InstanceType<(typeof streams)['BatchAppendReq']>;
type Options = InstanceType<(typeof streams)['BatchAppendReq']['Options']>;
type Response = InstanceType<(typeof streams)['BatchAppendResp']>;

interface Batch {
  readonly stream: string;
  readonly expected: Expected;
  readonly events: Proposed[];
  readonly timeout: NodeJS.Timeout;
}

const errorOf = (code: (typeof Code)[keyof typeof Code], name: string, details: Uint8Array) => {
  const packed = new Any();
  packed.pack(details, `event_store.client.${name}`);
  return new rpcStatus.Status().setCode(code).setMessage(name).setDetails(packed);
};

const badRequest = (words: string) =>
  errorOf(Code.INVALID_ARGUMENT, 'BadRequest', new shared.BadRequest().setMessage(words).serializeBinary());
const timedOut = () => errorOf(Code.DEADLINE_EXCEEDED, 'Timeout', new shared.Timeout().serializeBinary());

const wrongVersion = (expected: Expected, actual: bigint) => {
  const wrong = new shared.WrongExpectedVersion();
  if (actual === noStream) wrong.setCurrentNoStream(empty());
  else wrong.setCurrentStreamRevision(String(actual));
  if (expected === noStream) wrong.setExpectedNoStream(empty());
  else if (expected === any) wrong.setExpectedAny(empty());
  else if (expected === streamExists) wrong.setExpectedStreamExists(empty());
  else wrong.setExpectedStreamPosition(String(expected));
  return errorOf(Code.ALREADY_EXISTS, 'WrongExpectedVersion', wrong.serializeBinary());
};

const expectedOf = (options: Options): Expected | null => {
  if (options.hasStreamPosition()) return BigInt.asIntN(64, BigInt(options.getStreamPosition()));
  if (options.hasNoStream()) return noStream;
  if (options.hasAny()) return any;
  return options.hasStreamExists() ? streamExists : null;
};

const noExpectation =
  'Status(StatusCode="InvalidArgument", Detail="\'None\' is not a valid EventStore.Client.Streams.BatchAppendReq+Types+Options+ExpectedStreamPositionOneofCase")';
const noStreamIdentifier = 'Object reference not set to an instance of an object.';

/** Many appends on one call, in pieces that may be interleaved. */
export class BatchAppending {
  private readonly batches = new Map<string, Batch>();

  constructor(
    private readonly log: EventLog,
    private readonly edition: Edition,
    private readonly timeoutMillis: number,
    private readonly call: GrpcCall,
  ) {}

  async handle(): Promise<void> {
    this.call.onOver(() => this.batches.forEach(({ timeout }) => clearTimeout(timeout)));
    for await (const bytes of this.call.messages()) await this.take(streams.BatchAppendReq.deserializeBinary(bytes));
    // Both servers leave the call open when the client has nothing more to send.
    if (!this.call.isOver) await new Promise<void>((resolve) => this.call.onOver(resolve));
  }

  private async take(request: Request): Promise<void> {
    const correlation = request.getCorrelationId();
    const id = readUuid(correlation);
    const options = request.getOptions();
    const known = id ? this.batches.get(id) : undefined;
    const stream = known?.stream ?? nameOf(options?.getStreamIdentifier());
    const refuse = (error: ReturnType<typeof badRequest>) => this.answer(correlation, stream, error);
    if (!known) {
      if (!options) return;
      if (stream === undefined) return refuse(badRequest(noStreamIdentifier));
      if (!id) return refuse(badRequest("Value cannot be null. (Parameter 'dto')"));
      const expected = expectedOf(options);
      if (expected === null) return refuse(badRequest(noExpectation));
      const millis = this.millisUntil(options);
      if (millis <= 0) return refuse(timedOut());
      if (stream === '') return refuse(badRequest(this.edition.words.noStreamName));
      const timeout = setTimeout(() => void this.expire(id), millis);
      this.batches.set(id, { stream, expected, events: [], timeout });
    }
    const batch = id ? this.batches.get(id) : undefined;
    if (!id || !batch) return;
    for (const message of request.getProposedMessagesList()) {
      const event = proposedFrom(message.getId(), fieldsOf(message), message.getData_asU8(), message.getCustomMetadata_asU8());
      // What came before the bad one stays, and so does the batch.
      if (typeof event === 'string') return refuse(badRequest(this.wordsFor(event)));
      batch.events.push(event);
    }
    if (sizeOf(batch.events) > this.edition.maxAppendBytes) {
      this.forget(id, batch);
      const details = new shared.MaximumAppendSizeExceeded().setMaxappendsize(this.edition.maxAppendBytes);
      return refuse(errorOf(Code.INVALID_ARGUMENT, 'MaximumAppendSizeExceeded', details.serializeBinary()));
    }
    if (!request.getIsFinal()) return;
    this.forget(id, batch);
    await this.write(correlation, batch);
  }

  private async write(correlation: Uuid | undefined, { stream, expected, events }: Batch): Promise<void> {
    const result = this.log.append(stream, expected, events);
    if (result.kind === 'wrong') return this.answer(correlation, stream, wrongVersion(expected, result.actual));
    if (result.kind === 'deleted') {
      const details = new shared.StreamDeleted().setStreamIdentifier(streamIdentifier(stream));
      return this.answer(correlation, stream, errorOf(Code.NOT_FOUND, 'StreamDeleted', details.serializeBinary()));
    }
    const success = new streams.BatchAppendResp.Success();
    if (result.revision === noStream) success.setNoStream(empty());
    else success.setCurrentRevision(String(result.revision));
    const position = new shared.AllStreamPosition().setCommitPosition(String(result.position)).setPreparePosition(String(result.position));
    await this.send(correlation, stream, new streams.BatchAppendResp().setSuccess(success.setPosition(position)));
  }

  private answer(correlation: Uuid | undefined, stream: string | undefined, error: ReturnType<typeof badRequest>): Promise<void> {
    return this.send(correlation, stream, new streams.BatchAppendResp().setError(error));
  }

  private async send(correlation: Uuid | undefined, stream: string | undefined, response: Response): Promise<void> {
    response.setCorrelationId(correlation);
    if (stream !== undefined) response.setStreamIdentifier(streamIdentifier(stream));
    await this.call.send(response.serializeBinary());
  }

  /** The id comes back in another form than the client may have sent. */
  private async expire(id: string): Promise<void> {
    const batch = this.batches.get(id);
    if (!batch) return;
    this.forget(id, batch);
    await this.answer(writeUuid(id, true), batch.stream, timedOut());
  }

  private forget(id: string, { timeout }: Batch): void {
    clearTimeout(timeout);
    this.batches.delete(id);
  }

  private millisUntil(options: Options): number {
    const deadline = options.getDeadline();
    if (!deadline) return this.timeoutMillis;
    return Math.min(this.timeoutMillis, deadline.getSeconds() * 1_000 + deadline.getNanos() / 1e6 - Date.now());
  }

  private wordsFor(flaw: Flaw): string {
    const { noType, noContentType } = this.edition.words;
    const words: Record<Flaw, string> = {
      'no type': noType,
      'no content type': noContentType,
      'empty type': "Empty eventType provided. (Parameter 'eventType')",
      'no id': "Value cannot be null. (Parameter 'dto')",
      'bad id': 'Unrecognized Guid format.',
    };
    return words[flaw];
  }
}
