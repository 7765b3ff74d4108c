import type { Faults, FaultsInput } from '../faults/fault-schema.js';
import { ordinaryProfile, type DeviceProfile } from '../router/device-profile.js';
import type { JournalRecord } from '../router/journal.js';
import { SimulatedRouter } from '../router/simulated-router.js';
import { Sessions, type TlsFiles } from '../session/sessions.js';

/** How to reach a router, and what it says it is. */
export interface RouterDescription {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly tlsPort: number | null;
  readonly username: string;
  readonly password: string;
  readonly serial: string;
  readonly identity: string;
  readonly version: string;
}

export interface RouterOptions {
  readonly name: string;
  /** Where its configuration and journal are kept. */
  readonly directory: string;
  readonly profile?: Partial<DeviceProfile>;
  /** 0 takes a free port. */
  readonly port?: number;
  readonly tls?: { readonly port: number; readonly files: TlsFiles };
  /** Until others are set; those that were set before are kept in the directory. */
  readonly faults?: FaultsInput;
  /** Whether the journal waits for the disk. */
  readonly fsync?: boolean;
  readonly now?: () => number;
}

/** A router that listens. */
export class RunningRouter {
  private stopping: Promise<void> | null = null;

  private constructor(
    private readonly router: SimulatedRouter,
    private readonly sessions: Sessions,
    readonly description: RouterDescription,
  ) {}

  static async start(options: RouterOptions): Promise<RunningRouter> {
    const { name, directory, tls } = options;
    const profile = { ...ordinaryProfile(name), ...options.profile };
    const router = new SimulatedRouter({
      directory,
      profile,
      faults: options.faults ?? {},
      fsync: options.fsync ?? true,
      now: options.now ?? steadyClock,
    });
    const listenings = [{ port: options.port ?? 0, tls: null }, ...(tls ? [{ port: tls.port, tls: tls.files }] : [])];
    const sessions = new Sessions(router, listenings);
    await sessions.listen();
    const [port = 0, tlsPort] = sessions.ports();
    const { username, password, serial, identity, version } = profile;
    return new RunningRouter(router, sessions, {
      name,
      host: '127.0.0.1',
      port,
      tlsPort: tlsPort ?? null,
      username,
      password,
      serial,
      identity,
      version,
    });
  }

  get faults(): Faults {
    return this.router.faults.current;
  }

  /** Replaces all faults; `{}` heals the router. */
  setFaults(faults: FaultsInput): void {
    this.router.setFaults(faults);
  }

  reboot(): void {
    this.router.reboot('reboot');
  }

  /** Takes back the writes of the last `loseMillis`, or of the router's `flushMillis`. The journal stays. */
  losePower(loseMillis?: number): void {
    this.router.losePower(loseMillis);
  }

  /** What really happened. */
  journal(): JournalRecord[] {
    return this.router.journal.read();
  }

  /** The rows of a menu as `print` shows them, in UTF-8. */
  rows(menu: string): Record<string, string>[] {
    const rows = this.router.tree.menu(menu)?.rows?.(this.router) ?? [];
    return rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Buffer.from(value, 'latin1').toString('utf8')])),
    );
  }

  /** Twice is once. */
  stop(): Promise<void> {
    this.stopping ??= this.sessions.stop().then(() => this.router.stop());
    return this.stopping;
  }
}

/** Wall clock at the start, then steady: no step of the host's clock reaches a router's uptime. */
const steadyClock = (): number => Math.floor(performance.timeOrigin + performance.now());

export const startRouter = (options: RouterOptions): Promise<RunningRouter> => RunningRouter.start(options);
