import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How an issuer may answer, or not. */
export const issuerAilments = ['refusing', 'hanging', 'failing', 'garbage', 'no keys', 'huge', 'endless', 'redirecting', 'half'] as const;
export type IssuerMood = 'well' | (typeof issuerAilments)[number];

export interface ScriptedIssuer {
  readonly jwksUri: string;
  /** How often its keys were asked for. */
  questions(): number;
  /** What it publishes from now on. */
  publish(keys: readonly unknown[]): void;
  turn(mood: IssuerMood): Promise<void>;
  stop(): Promise<void>;
}

const listen = (server: Server, port: number): Promise<void> => new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));

const close = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** An issuer's place for its keys, as well or as ill as a test wants it. `elsewhere`: where it sends those whom it redirects. */
export const startScriptedIssuer = async (published: readonly unknown[], elsewhere: string): Promise<ScriptedIssuer> => {
  let keys = published;
  let questions = 0;
  const moods: Readonly<Record<Exclude<IssuerMood, 'refusing'>, RequestListener>> = {
    well: (_asked, answer) => answer.end(JSON.stringify({ keys })),
    hanging: () => undefined,
    failing: (_asked, answer) => answer.writeHead(500).end(JSON.stringify({ keys })),
    garbage: (_asked, answer) => answer.end('<html>'),
    'no keys': (_asked, answer) => answer.end('{"keys":[]}'),
    huge: (_asked, answer) => answer.end(JSON.stringify({ keys, padding: 'x'.repeat(1_000_000) })),
    endless: (_asked, answer) => {
      const more = (): void => {
        while (!answer.destroyed && answer.write(' '.repeat(65_536)));
      };
      answer.on('drain', more);
      more();
    },
    redirecting: (_asked, answer) => answer.writeHead(302, { location: elsewhere }).end(),
    half: (_asked, answer) => answer.write('{"keys":[', () => answer.destroy()),
  };
  let answering = moods.well;
  const serve = (): Server =>
    createServer((request, response) => {
      questions += 1;
      answering(request, response);
    });
  let server: Server | null = serve();
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  const turn = async (mood: IssuerMood): Promise<void> => {
    if (server) await close(server);
    server = mood === 'refusing' ? null : serve();
    if (mood !== 'refusing') answering = moods[mood];
    if (server) await listen(server, port);
  };
  return {
    jwksUri: `http://127.0.0.1:${port}/jwks.json`,
    questions: () => questions,
    publish: (now) => {
      keys = now;
    },
    turn,
    stop: () => turn('refusing'),
  };
};
