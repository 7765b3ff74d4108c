import { setTimeout as pause } from 'node:timers/promises';
import type { EditionName } from '../edition.js';
import { paths } from '../protocol.js';
import { Positions } from './positions.js';
import { requests } from './requests.js';
import { answers } from './responses.js';
import type { RecordedMethod, RecordedStatus, Step, Transcript } from './transcript.js';
import { openWire, type WireCall, type WireStatus } from './wire-call.js';

const answerMillis = 5_000;
/** Where the real servers were waited for in vain. */
const quietMillis = 40;

/** The words of one server name a place in its log. */
const statusOf = ({ code, details = '', trailers = {}, trailersOnly = false }: RecordedStatus): WireStatus => ({
  code,
  details: details.replace(/actual pos \d+/, 'actual pos …'),
  trailers,
  trailersOnly,
});

class Opened {
  constructor(
    readonly about: string,
    readonly method: RecordedMethod,
    readonly call: WireCall,
  ) {}

  unexpected(): readonly unknown[] {
    return this.call.received.map((message) => answers[this.method](message));
  }
}

/** Does what a recorded client did, and waits for each answer before it goes on. */
export class Replay {
  /** What was recorded, and what the server at hand did, in the same words and with the same positions. */
  readonly recorded: unknown[] = [];
  readonly answered: unknown[] = [];
  private readonly wire: ReturnType<typeof openWire>;
  private readonly positions = new Positions();
  private readonly opened = new Map<number, Opened>();

  constructor(
    url: string,
    private readonly transcript: Transcript,
    /** What a recorded deadline of a second means here. */
    private readonly soonMillis: number,
  ) {
    this.wire = openWire(url);
  }

  async run(edition: EditionName): Promise<void> {
    try {
      for (const step of this.transcript.steps) if (step[3] === undefined || step[3] === edition) await this.take(step);
      for (const one of this.opened.values()) this.compare(one, [], one.unexpected());
    } finally {
      this.wire.close();
    }
  }

  private async take(step: Step): Promise<void> {
    const one = this.open(step[0]);
    const { call, method } = one;
    switch (step[1]) {
      case 'send': {
        const replaying = { position: (recorded: string) => this.positions.here(recorded), soonMillis: this.soonMillis };
        for (const request of requests[method](step[2], replaying)) call.send(request);
        if (method !== 'append' && method !== 'batchAppend') call.end();
        break;
      }
      case 'receive': {
        const message = await call.next(answerMillis);
        this.compare(one, step[2], message && this.positions.asRecorded(answers[method](message), step[2]));
        break;
      }
      case 'status': {
        const status = await call.ends(answerMillis);
        this.compare(one, statusOf(step[2]), status && statusOf(status));
        break;
      }
      case 'end':
        call.end();
        break;
      case 'quiet':
        await pause(quietMillis);
        this.compare(one, [], one.unexpected());
        break;
      case 'cancel':
        this.compare(one, [], one.unexpected());
        call.cancel();
        break;
    }
  }

  private open(number: number): Opened {
    const { about, method } = this.transcript.calls[number] ?? { about: 'unknown', method: 'read' };
    const one = this.opened.get(number) ?? new Opened(about, method, this.wire.call(paths[method]));
    this.opened.set(number, one);
    return one;
  }

  private compare({ about }: Opened, recorded: unknown, answered: unknown): void {
    this.recorded.push([about, recorded]);
    this.answered.push([about, answered]);
  }
}
