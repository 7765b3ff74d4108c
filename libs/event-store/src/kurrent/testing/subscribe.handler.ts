import { randomUUID } from 'node:crypto';
import { streamDeleted } from './append.handler.js';
import type { Edition } from './edition.js';
import { noStream, type EventLog, type LogRecord } from './event-log.js';
import { CallFailed, handlerThrew, type GrpcCall } from './grpc-call.js';
import { eventAnswer, filterOf, indexOf, type AllOptions, type ReadOptions, type StreamOptions } from './read.handler.js';
import { nameOf, streams } from './protocol.js';

const { ReadResp } = streams;

/** The servers' own, when a filter does not say how far to look at a time. */
const defaultWindow = 32;

interface Mark {
  readonly commit: bigint;
  readonly prepare: bigint;
}

const at = ({ position }: LogRecord): Mark => ({ commit: position, prepare: position });

const confirmation = () => {
  const { SubscriptionConfirmation } = ReadResp;
  return new ReadResp().setConfirmation(new SubscriptionConfirmation().setSubscriptionId(randomUUID())).serializeBinary();
};
const caughtUp = () => new ReadResp().setCaughtUp(new ReadResp.CaughtUp()).serializeBinary();
const checkpoint = ({ commit, prepare }: Mark) => {
  const mark = new ReadResp.Checkpoint().setCommitPosition(String(commit)).setPreparePosition(String(prepare));
  return new ReadResp().setCheckpoint(mark).serializeBinary();
};

/** Resolves when the log has changed or the call is over. */
const change = (log: EventLog, call: GrpcCall): Promise<void> =>
  new Promise((resolve) => {
    const off = log.onChange(() => {
      off();
      resolve();
    });
    call.onOver(() => {
      off();
      resolve();
    });
  });

/** Every record from `index` on, those to come too, until the call is over. */
async function* recordsFrom(log: EventLog, call: GrpcCall, start: number): AsyncGenerator<LogRecord, void, undefined> {
  for (let index = start; !call.isOver;) {
    const record = log.records[index];
    if (record === undefined) {
      await change(log, call);
    } else {
      index += 1;
      if (record) yield record;
    }
  }
}

const subscribeToStream = async (log: EventLog, call: GrpcCall, options: ReadOptions, stream: StreamOptions): Promise<void> => {
  const name = nameOf(stream.getStreamIdentifier());
  if (!name) throw handlerThrew();
  if (log.isTombstoned(name)) throw streamDeleted(name);
  const revision = stream.hasRevision() ? BigInt.asIntN(64, BigInt(stream.getRevision())) : noStream;
  const after = stream.hasEnd() || (stream.hasRevision() && revision === noStream) ? log.last(name) : revision;
  await call.send(confirmation());
  const start = log.records.length;
  for (const record of log.visible(name)) if (record.revision > after) await call.send(eventAnswer(record, options));
  await call.send(caughtUp());
  for await (const record of recordsFrom(log, call, start)) {
    if (record.stream !== name || record.revision <= after) continue;
    await call.send(eventAnswer(record, options));
    if (log.isTombstoned(name)) throw streamDeleted(name);
  }
};

/** A filter looks through the log window by window; how far it is, it tells every so many windows. */
class FilteredSubscription {
  private readonly window: number;
  private readonly interval: number;
  private readonly matches: ReturnType<typeof filterOf>;
  private counted = 0;

  constructor(
    private readonly log: EventLog,
    private readonly edition: Edition,
    private readonly call: GrpcCall,
    private readonly options: ReadOptions,
  ) {
    const filter = options.getFilter();
    this.window = filter?.hasMax() ? filter.getMax() : defaultWindow;
    this.interval = this.window * (filter?.getCheckpointintervalmultiplier() || 1);
    this.matches = filterOf(options);
  }

  async run(start: number, after: Mark): Promise<void> {
    let index = start;
    let mark = after;
    for (let isAtEnd = false; !isAtEnd && !this.call.isOver;) {
      const page = this.log.records.slice(index, index + this.window);
      for (const record of page) {
        if (!record || record.position <= after.commit || !this.matches(record)) continue;
        await this.call.send(eventAnswer(record, this.options));
        mark = at(record);
      }
      index += page.length;
      isAtEnd = page.length < this.window;
      this.counted += page.length;
      if (isAtEnd ? this.edition.checkpointWhenCaughtUp && page.length > 0 : this.counted >= this.interval) await this.mark(mark);
      // The next window's first record, which is not looked at yet: its prepare is not known.
      mark = { commit: this.log.records[index]?.position ?? mark.commit, prepare: 0n };
    }
    await this.call.send(caughtUp());
    for await (const record of recordsFrom(this.log, this.call, index)) {
      if (this.matches(record)) await this.call.send(eventAnswer(record, this.options));
      this.counted += 1;
      if (this.counted >= this.interval) await this.mark(at(record));
    }
  }

  private async mark(mark: Mark): Promise<void> {
    this.counted = 0;
    await this.call.send(checkpoint(mark));
  }
}

const subscribeToAll = async (log: EventLog, edition: Edition, call: GrpcCall, options: ReadOptions, all: AllOptions): Promise<void> => {
  const given = all.getPosition();
  const after = given
    ? { commit: BigInt(given.getCommitPosition()), prepare: BigInt(given.getPreparePosition()) }
    : { commit: 0n, prepare: 0n };
  const found = given ? indexOf(log, after.commit) : all.hasEnd() ? log.records.length : 0;
  if (found === 'nowhere' && edition.refusesPositions === 'at once') throw handlerThrew();
  await call.send(confirmation());
  if (found === 'nowhere') throw new CallFailed(3, 'Trying to read from an invalid position.');
  if (found === 'behind the end') {
    await call.send(caughtUp());
    if (!edition.goesBackFromBehindTheEnd) return new Promise<void>((resolve) => call.onOver(resolve));
  }
  const end = log.records.length;
  const start = found === 'behind the end' ? end : found;
  if (options.hasFilter()) return new FilteredSubscription(log, edition, call, options).run(start, after);
  for (const record of log.records.slice(start, end)) {
    if (record && record.position > after.commit) await call.send(eventAnswer(record, options));
  }
  if (found !== 'behind the end') await call.send(caughtUp());
  for await (const record of recordsFrom(log, call, end)) await call.send(eventAnswer(record, options));
};

/** A read that goes on with what comes. */
export const subscribe = (log: EventLog, edition: Edition, call: GrpcCall, options: ReadOptions): Promise<void> => {
  const [stream, all] = [options.getStream(), options.getAll()];
  if (stream) return subscribeToStream(log, call, options, stream);
  if (all) return subscribeToAll(log, edition, call, options, all);
  throw handlerThrew();
};
