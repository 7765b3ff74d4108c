import { describe, expect, it, jest } from '@jest/globals';
import { until } from '@scheduled-scripts/postgres/testing';
import type { EditionName } from './edition.js';
import { noStream } from './event-log.js';
import { KurrentDouble } from './kurrent-double.js';
import { paths } from './protocol.js';
import { Replay } from './replay/replay.js';
import { requests } from './replay/requests.js';
import { transcripts, type Message, type RecordedMethod, type Transcript } from './replay/transcript.js';
import { openWire, type WireCall } from './replay/wire-call.js';

jest.setTimeout(30_000);

/** Of these recordings the batch that is never finished is the point; in all others a slow machine must not run into it. */
const isTimed = ({ scenario }: Transcript): boolean => /^02-1[368]/.test(scenario);
const batchTimeoutMillis = 300;
const soonMillis = 100;

const replayed = async (transcript: Transcript, edition: EditionName, recordedFrom = edition): Promise<Replay> => {
  const double = await KurrentDouble.start({ edition, batchTimeoutMillis: isTimed(transcript) ? batchTimeoutMillis : 10_000 });
  const replay = new Replay(double.url, transcript, soonMillis);
  await replay.run(recordedFrom);
  await double.close();
  return replay;
};

describe.each<EditionName>(['23.10', '26.1'])('the double, as a server of release %s', (edition) => {
  it.each(transcripts().map((transcript) => [transcript.scenario, transcript] as const))(
    'answers as recorded: %s',
    async (_, transcript) => {
      const { recorded, answered } = await replayed(transcript, edition);
      expect(answered).toEqual(recorded);
    },
  );
});

describe('the recordings', () => {
  it('tell one release from the other', async () => {
    const [transcript] = transcripts().filter(({ scenario }) => scenario.startsWith('04-01'));
    if (!transcript) throw new Error('the recording is missing');
    const { recorded, answered } = await replayed(transcript, '23.10', '26.1');
    expect(answered).not.toEqual(recorded);
  });
});

describe('the double', () => {
  const withDouble = async (edition: EditionName, work: (double: KurrentDouble, call: Caller) => Promise<void>): Promise<void> => {
    const double = await KurrentDouble.start({ edition });
    const wires = [openWire(double.url)];
    const caller = (method: RecordedMethod, messages: readonly Message[], headers: Readonly<Record<string, string>> = {}): WireCall => {
      const call = (wires.at(-1) ?? openWire(double.url)).call(paths[method], headers);
      for (const message of messages) {
        for (const bytes of requests[method](message, { position: (position) => position, soonMillis })) call.send(bytes);
      }
      call.end();
      return call;
    };
    await work(double, Object.assign(caller, { reconnect: () => void wires.push(openWire(double.url)) }));
    for (const wire of wires) wire.close();
    await double.close();
  };
  type Caller = ((method: RecordedMethod, messages: readonly Message[], headers?: Readonly<Record<string, string>>) => WireCall) & {
    reconnect(): void;
  };

  const append: readonly Message[] = [
    { stream: 's1', expect: 'any' },
    { id: 'e1', type: 'test', data: '{}' },
  ];
  const read: readonly Message[] = [{ stream: 's1', from: 'start' }];

  it.each([
    ['26.1', 'identity,deflate,gzip', [true, true], 'gzip'],
    ['26.1', 'gzip', [true, true], 'gzip'],
    ['26.1', 'identity', [false, false], undefined],
    ['26.1', 'deflate', [false, false], undefined],
    ['26.1', '', [false, false], undefined],
    ['23.10', 'identity,deflate,gzip', [false, false], undefined],
  ] as const)('compresses as release %s for who accepts %j', async (edition, accepted, compressed, encoding) => {
    await withDouble(edition, async (double, call) => {
      const event = { type: 'test', isJson: true, data: Buffer.from('{}'), metadata: Buffer.from('{}') };
      const ids = ['0e000000-0000-4000-8000-000000000001', '0e000000-0000-4000-8000-000000000002'];
      double.log.append(
        's1',
        noStream,
        ids.map((id) => ({ ...event, id })),
      );
      const answer = call('read', read, accepted === '' ? {} : { 'grpc-accept-encoding': accepted });
      expect((await answer.ends(5_000))?.code).toBe(0);
      expect(answer.compressed).toEqual(compressed);
      expect(answer.responseHeaders['grpc-encoding']).toBe(encoding);
    });
  });

  it('keeps what it has stored when it is killed, and is back on its port', async () => {
    await withDouble('26.1', async (double, call) => {
      const subscription = call('read', [{ stream: 's1', from: 'start', subscribe: true }]);
      expect((await call('append', append).ends(5_000))?.code).toBe(0);
      await double.kill();
      expect(await subscription.ends(5_000)).toBeNull();
      await until(() => double.openCalls === 0);
      call.reconnect();
      expect(await call('read', read).ends(5_000)).toBeNull();
      await double.restart();
      call.reconnect();
      const again = call('read', read);
      expect((await again.ends(5_000))?.code).toBe(0);
      expect(again.received).toHaveLength(1);
    });
  });

  it('stands still, and goes on where it was', async () => {
    await withDouble('26.1', async (double, call) => {
      await call('append', append).ends(5_000);
      double.freeze();
      const old = call('read', read);
      call.reconnect();
      const young = call('read', read);
      expect([await old.ends(100), await young.ends(1)]).toEqual([null, null]);
      double.thaw();
      expect([(await old.ends(5_000))?.code, (await young.ends(5_000))?.code]).toEqual([0, 0]);
    });
  });

  it('stores and then loses the answer, or loses the question', async () => {
    await withDouble('26.1', async (double, call) => {
      double.next('append', { kind: 'drop' }, { kind: 'lose answer' });
      for (const stored of [0, 1]) {
        expect(await call('append', append).ends(5_000)).toBeNull();
        expect(double.log.visible('s1')).toHaveLength(stored);
        call.reconnect();
      }
    });
  });
});
