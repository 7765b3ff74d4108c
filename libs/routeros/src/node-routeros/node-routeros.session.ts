import { RouterLost, RouterRefused, RouterTimeout, type Reply, type RouterSession } from '../router-session.js';
import { ignore } from './containment.js';
import type { DriverLimits } from './driver-limits.js';
import { explain, toError } from './failure.js';
import type { Link } from './link.js';

/** Words that would end the sentence early, steal the tag or grow without bound. A mistake of the caller: nothing is sent. */
function checkCommand(path: string, words: readonly string[], maxBytes: number): void {
  if (!path.startsWith('/')) throw new TypeError('a command begins with a slash');
  if (words.some((word) => word === '' || word.startsWith('.tag'))) throw new TypeError(`an empty word or a tag in ${path}`);
  const bytes = words.reduce((sum, word) => sum + Buffer.byteLength(word), Buffer.byteLength(path));
  if (bytes > maxBytes) throw new RangeError(`${path} with ${bytes} bytes is longer than ${maxBytes}`);
}

/** A logged-in link as the port has it. Arguments that cannot be sent reject with TypeError or RangeError and end nothing. */
export class NodeRouterosSession implements RouterSession {
  readonly #link: Link;
  readonly #maxCommandBytes: number;
  #last: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | null = null;

  constructor(link: Link, limits: DriverLimits) {
    this.#link = link;
    this.#maxCommandBytes = limits.maxCommandBytes;
  }

  async command(path: string, words: readonly string[], timeoutMillis: number): Promise<Reply> {
    const sentence = [path, ...words];
    checkCommand(path, sentence.slice(1), this.#maxCommandBytes);
    const turn = this.#last.then(() => this.#run(sentence, path, timeoutMillis));
    this.#last = turn.catch(ignore);
    return turn;
  }

  close(): Promise<void> {
    this.#closing ??= this.#link.close();
    return this.#closing;
  }

  async #run(sentence: readonly string[], path: string, timeoutMillis: number): Promise<Reply> {
    if (this.#closing || this.#link.cause) throw new RouterLost('the session has ended', { cause: this.#link.cause });
    try {
      return await this.#link.exchange(sentence, timeoutMillis, () => new RouterTimeout(`${path} had no end within ${timeoutMillis} ms`));
    } catch (error) {
      if (error instanceof RouterRefused) throw error;
      const cause = toError(error);
      this.#link.end(cause);
      throw cause instanceof RouterTimeout ? cause : new RouterLost(`the router was lost during ${path}: ${explain(cause)}`, { cause });
    }
  }
}
