import { connect, type Socket } from 'node:net';
import { encodeSentence, SentenceReader, type Words } from '../protocol/sentence.js';

/** A client for the simulator's own suites: says exactly what it is told and shows exactly what comes back. */
export class ApiClient {
  readonly closed: Promise<'ended' | 'reset'>;
  private readonly reader = new SentenceReader(() => ({ words: 100_000, bytes: 100_000_000 }));
  private readonly sentences: Words[] = [];
  private waiting: ((sentence: Words) => void)[] = [];

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => this.reader.push(chunk).forEach((sentence) => this.take(sentence)));
    this.closed = new Promise((resolve) => {
      socket.once('error', () => resolve('reset'));
      socket.once('end', () => resolve('ended'));
    });
  }

  /** Rejects with the socket's error where nobody listens. */
  static connect(port: number): Promise<ApiClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new ApiClient(socket));
      });
    });
  }

  static async logIn({ port, username, password }: { port: number; username: string; password: string }): Promise<ApiClient> {
    const client = await ApiClient.connect(port);
    const [answer] = await client.command('/login', `=name=${username}`, `=password=${password}`);
    if (answer?.[0] !== '!done' || answer.length > 1) throw new Error(`not logged in: ${String(answer)}`);
    return client;
  }

  /** How many sentences have come that nobody took. */
  get unread(): number {
    return this.sentences.length;
  }

  send(...words: string[]): void {
    this.socket.write(encodeSentence(words));
  }

  /** The next sentence that nobody has taken. */
  next(): Promise<Words> {
    const sentence = this.sentences.shift();
    if (sentence) return Promise.resolve(sentence);
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Everything up to and with `!done` or `!fatal`. */
  async command(...words: string[]): Promise<Words[]> {
    this.send(...words);
    const answer: Words[] = [];
    for (;;) {
      const sentence = await this.next();
      answer.push(sentence);
      if (sentence[0] === '!done' || sentence[0] === '!fatal') return answer;
    }
  }

  /** The `!re` rows. Throws what a `!trap` says. */
  async rows(...words: string[]): Promise<Record<string, string>[]> {
    const answer = await this.command(...words);
    const trap = answer.find(([reply]) => reply === '!trap');
    if (trap) throw new Error(attribute(trap, 'message') ?? 'trap');
    return answer.filter(([reply]) => reply === '!re').map(attributes);
  }

  /** What `=ret=` of `!done` holds. Throws what a `!trap` says. */
  async ret(...words: string[]): Promise<string> {
    const answer = await this.command(...words);
    const trap = answer.find(([reply]) => reply === '!trap');
    if (trap) throw new Error(attribute(trap, 'message') ?? 'trap');
    return attribute(answer.at(-1) ?? [], 'ret') ?? '';
  }

  close(): void {
    this.socket.destroy();
  }

  private take(sentence: Words): void {
    const waiting = this.waiting.shift();
    if (waiting) waiting(sentence);
    else this.sentences.push(sentence);
  }
}

const attribute = (sentence: Words, name: string): string | undefined =>
  sentence.find((word) => word.startsWith(`=${name}=`))?.slice(name.length + 2);

const attributes = (sentence: Words): Record<string, string> => {
  const pairs = sentence.filter((word) => word.startsWith('=')).map((word) => /^=([^=]*)=([\s\S]*)$/.exec(word)?.slice(1) ?? ['', '']);
  return Object.fromEntries(pairs.map(([name = '', value = '']) => [name, value]));
};
