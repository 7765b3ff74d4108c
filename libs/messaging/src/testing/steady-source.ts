import { setTimeout as pause } from 'node:timers/promises';
import { MessagingUnavailable, type OutgoingMessage, type Publisher } from '../messaging.js';
import { numbered } from './message-log.js';

/** Publishes one message a key, round after round, each until it is confirmed: a producer as the relay is one. */
export class SteadySource {
  readonly sent: OutgoingMessage[] = [];
  /** Rounds that are confirmed. */
  rounds = 0;
  refusals = 0;
  private isOn = true;
  private readonly running: Promise<void>;

  constructor(
    private readonly publisher: Publisher,
    private readonly topic: string,
    private readonly keys: readonly string[],
    private readonly pauseMillis = 15,
  ) {
    this.running = this.run();
    this.running.catch(() => undefined);
  }

  async end(): Promise<void> {
    this.isOn = false;
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.isOn) {
      const messages = numbered(this.topic, this.keys, this.keys.length, this.rounds);
      this.sent.push(...messages);
      while (!(await this.isConfirmed(messages))) this.refusals++;
      this.rounds++;
      await pause(this.pauseMillis);
    }
  }

  private async isConfirmed(messages: readonly OutgoingMessage[]): Promise<boolean> {
    try {
      await this.publisher.publish(messages);
      return true;
    } catch (error) {
      if (error instanceof MessagingUnavailable) return false;
      throw error;
    }
  }
}
