import { startProgram } from './processes.mjs';

const generator = 'tools/bench/harness/load-generator.mjs';

/** The bytes of a request. */
export const rawRequest = ({ method = 'GET', path, headers = {}, body }) => {
  const text = body === undefined ? '' : JSON.stringify(body);
  const all = {
    host: 'bench',
    ...headers,
    ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
  };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${head.join('')}\r\n${text}`;
};

/**
 * A process that sends requests over so many connections, each after the answer to its last one. Answers requests a second and
 * latencies in milliseconds; an answer of another status than `expected` is an error.
 */
export const startLoad = async (scope) => {
  const program = await startProgram(scope, generator);
  return async ({ url, requests, connections, seconds, expected }) => {
    const { hostname, port } = new URL(url);
    const answer = program.answer();
    program.send({ hostname, port: Number(port), requests, connections, seconds, expected });
    const { error, ...figures } = await answer;
    if (error) throw new Error(`load on ${url}: ${error}`);
    return figures;
  };
};
