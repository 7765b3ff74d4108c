import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { explainScript } from '@scheduled-scripts/routeros-script';

export interface ModelRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly model?: string;
    readonly max_tokens?: number;
    readonly stream?: boolean;
    readonly messages?: readonly { readonly role: string; readonly content: string }[];
  };
}

/** What becomes of one request. */
export type Behaviour = (response: ServerResponse, request: ModelRequest) => void;

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
};

export const goodSummary = 'This script adds a firewall filter rule that drops what comes in from the addresses of the list "blacklist".';

const choice = (content: unknown, finish: string | null) => ({ index: 0, message: { role: 'assistant', content }, finish_reason: finish });

/** As the API answers: one choice, by default one that ended by itself. */
export const says =
  (content: unknown, finish: string | null = 'stop'): Behaviour =>
  (response, { body }) =>
    json(response, 200, { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: body.model, choices: [choice(content, finish)] });

/** An honest model: says what the script between the two lines does. */
export const explains: Behaviour = (response, request) => {
  const lines = request.body.messages?.[1]?.content.split('\n') ?? [];
  says(explainScript(lines.slice(1, -1).join('\n'), { maxLength: 400 }))(response, request);
};

/** An error as the API words it, with the request in it, which nobody may repeat in a log. */
export const refuses =
  (status: number, headers: Record<string, string> = {}): Behaviour =>
  (response, { body, headers: sent }) =>
    json(response, status, { error: { message: `${sent.authorization} ${JSON.stringify(body)}`, type: 'error', code: null } }, headers);

export const hangs: Behaviour = () => undefined;
/** Says that an answer comes, and does not end it. */
export const hangsInTheMiddle: Behaviour = (response) => {
  response.writeHead(200, { 'Content-Type': 'application/json' }).write('{"choices":[');
};
export const breaksOff: Behaviour = (response) => void response.destroy();
export const sends =
  (text: string, contentType = 'application/json', status = 200, headers: Record<string, string> = {}): Behaviour =>
  (response) =>
    void response.writeHead(status, { 'Content-Type': contentType, ...headers }).end(text);
/** For as long as it is read. */
export const sendsForEver: Behaviour = (response) => {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  const more = (): void => {
    while (!response.destroyed && response.write(' '.repeat(65_536)));
  };
  response.on('drain', more);
  more();
};

/** A server that speaks the OpenAI-compatible API as far as it is used. */
export class ModelServer {
  /** Of the requests to come; the last one stays. */
  behaviours: Behaviour[] = [says(goodSummary)];
  readonly requests: ModelRequest[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<ModelServer> {
    const server = createServer();
    const model = new ModelServer(server);
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as ModelRequest['body'];
        const received = { path: request.url ?? '', headers: request.headers, body };
        model.requests.push(received);
        const [behave = hangs] = model.behaviours;
        if (model.behaviours.length > 1) model.behaviours.shift();
        behave(response, received);
      });
      response.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return model;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/v1`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
