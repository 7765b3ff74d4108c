/** Gives all who ask for one thing within a moment one answer, and then forgets it. What failed is asked for again. */
export class Shared<T> {
  private readonly answers = new Map<string, Promise<T>>();

  constructor(private readonly millis: number) {}

  get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.answers.get(key);
    if (known) return known;
    const answer = make();
    const forget = (): void => void this.answers.delete(key);
    answer.then(() => setTimeout(forget, this.millis).unref(), forget);
    this.answers.set(key, answer);
    return answer;
  }
}
