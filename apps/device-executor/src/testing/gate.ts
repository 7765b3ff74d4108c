import type { ConnectRouter } from '@scheduled-scripts/routeros';

/** Holds back one kind of command to every router until it is opened. */
export class Gate {
  /** The first has arrived. */
  readonly reached: Promise<void>;
  private arrive: () => void = () => undefined;
  private readonly opened: Promise<void>;
  open: () => void = () => undefined;

  /** Of this path, and only where a word contains the text. */
  constructor(
    private readonly path: string,
    private readonly contains = '',
  ) {
    this.reached = new Promise((resolve) => (this.arrive = resolve));
    this.opened = new Promise((resolve) => (this.open = resolve));
  }

  in(connect: ConnectRouter): ConnectRouter {
    return async (address, options) => {
      const session = await connect(address, options);
      return {
        command: async (path, words, timeoutMillis) => {
          if (path === this.path && words.some((word) => word.includes(this.contains))) {
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
