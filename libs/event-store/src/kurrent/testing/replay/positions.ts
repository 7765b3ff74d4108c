import type { Message } from './transcript.js';

/** Which place in this server's log is which of the recording: the first meeting decides, and every later one has to agree. */
export class Positions {
  private readonly known = new Map<string, string>();

  /** For a request: a known place, or one so many bytes behind a known one. */
  here(recorded: string): string {
    const exact = this.known.get(recorded);
    if (exact !== undefined) return exact;
    const before = [...this.known.keys()].map(Number).filter((position) => position < Number(recorded));
    const nearest = Math.max(...before);
    const distance = Number(recorded) - nearest;
    return distance < 10 ? String(Number(this.known.get(String(nearest))) + distance) : recorded;
  }

  /** An answer with the recording's positions instead of this server's, as far as they stand for the same places. */
  asRecorded(answer: Message, recorded: Message): Message {
    const named = ['at', 'checkpoint'].filter((key) => typeof answer[key] === 'string' && typeof recorded[key] === 'string');
    return { ...answer, ...Object.fromEntries(named.map((key) => [key, this.translated(String(answer[key]), String(recorded[key]))])) };
  }

  private translated(actual: string, recorded: string): string {
    const [commit = '', ...prepare] = actual.split('/');
    const [recordedCommit = ''] = recorded.split('/');
    if (!this.known.has(recordedCommit) && ![...this.known.values()].includes(commit)) this.known.set(recordedCommit, commit);
    const translated = this.known.get(recordedCommit) === commit ? recordedCommit : `${commit} here`;
    return [translated, ...prepare].join('/');
  }
}
