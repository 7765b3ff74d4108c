import { EventEmitter } from 'node:events';
import { randomBytes } from 'node:crypto';
import { runMain } from '@scheduled-scripts/platform';
import { commandApi } from '../command-api.service.js';

/** Of a ring, as text. */
export const newKey = (id: string): string => `${id}:${randomBytes(32).toString('base64')}`;

/** What the program needs to begin; a test gives it what it really asks. */
const ordinary = (): Record<string, string> => ({
  NODE_ENV: 'test',
  LOG_LEVEL: 'silent',
  PORT: '0',
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  EVENT_STORE_URL: 'postgres://nobody@127.0.0.1:1/none',
  AUTH_ISSUER: 'https://issuer.example',
  AUTH_AUDIENCE: 'scripts',
  AUTH_JWKS_URI: 'https://issuer.example/jwks',
  CREDENTIALS_KEYS: newKey('k1'),
  APPROVAL_LINK_KEYS: newKey('links'),
});

/** The service's program as a shell would run it. */
export class Program extends EventEmitter {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  out = '';
  private readonly write = (text: string): void => void (this.out += text);
  readonly stdout = { write: this.write };
  readonly stderr = { write: this.write };
  /** Its exit code. */
  readonly exited: Promise<number>;

  constructor(args: readonly string[], variables: Readonly<Record<string, string>>) {
    super();
    this.argv = ['node', 'main.js', ...args];
    const given = { ...ordinary(), ...variables };
    if (variables['CREDENTIALS_KEYS_FILE'] !== undefined) delete given['CREDENTIALS_KEYS'];
    this.env = given;
    this.exited = new Promise((resolve) => this.once('exit', resolve));
    void runMain(commandApi, this);
  }

  exit(code: number): void {
    this.emit('exit', code);
  }

  kill(signal: 'SIGTERM' | 'SIGINT'): void {
    this.emit(signal);
  }
}
