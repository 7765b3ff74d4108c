/** What a benchmark has started. Undone in reverse, whatever happens: its end, an error, Ctrl-C. */
export class Scope {
  #undo = [];
  #closed = false;

  get isClosed() {
    return this.#closed;
  }

  /** Answers what was started. Something that starts while we are ending is undone at once. */
  async add(started, undo) {
    if (this.#closed) {
      await undo();
      throw new Error('the benchmark has been ended');
    }
    this.#undo.push(undo);
    return started;
  }

  async close() {
    this.#closed = true;
    for (let undo = this.#undo.pop(); undo; undo = this.#undo.pop()) {
      await Promise.resolve(undo()).catch((error) => process.stderr.write(`  could not clean up: ${error.message}\n`));
    }
  }
}
