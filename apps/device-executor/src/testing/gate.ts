import type { ConnectRouter } from '@scheduled-scripts/routeros';

/** Holds back one kind of command until it is opened. */
export class Gate {
  /** The first has arrived. */
  readonly reached: Promise<void>;
  private arrive: () => void = () => undefined;
  private readonly opened: Promise<void>;
  open: () => void = () => undefined;

  private seen = 0;

  /** Of this path, only where a word contains the text, and from the n-th on. */
  constructor(
    private readonly path: string,
    private readonly contains = '',
    private readonly from = 1,
  ) {
    this.reached = new Promise((resolve) => (this.arrive = resolve));
    this.opened = new Promise((resolve) => (this.open = resolve));
  }

  in(connect: ConnectRouter): ConnectRouter {
    return async (address, options) => {
      const session = await connect(address, options);
      return {
        command: async (path, words, timeoutMillis) => {
          if (path === this.path && words.some((word) => word.includes(this.contains)) && ++this.seen >= this.from) {
            this.arrive();
            await this.opened;
          }
          return session.command(path, words, timeoutMillis);
        },
        close: () => session.close(),
      };
    };
  }
}

/** All is prepared, and the uptime that the issue will bear is asked for; the first time, it is for a look. */
export const beforeTheIssue = (): Gate => new Gate('/system/resource/print', 'uptime', 2);
