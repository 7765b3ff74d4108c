import { scheduledScriptStream, scriptSummaryStream, siteExecutionStream } from '@scheduled-scripts/domain';
import { MalformedMessage } from './malformed-message.js';
import { topics } from './topics.js';

export interface Route {
  readonly topic: string;
  readonly key: string;
}

const prefixes = { script: scheduledScriptStream(''), summary: scriptSummaryStream(''), execution: siteExecutionStream('') };

/** The streams whose events are published. */
export const publishedStreamPrefixes: readonly string[] = Object.values(prefixes);

/**
 * Where an event goes. It follows from the stream, not from the type, so that an event of a version that this code does not know yet
 * still reaches its topic. Every event of a site execution carries its site's id; if one ever does not, it goes by the execution's,
 * because a message out of its site's order harms one site, and one that cannot be sent stops all.
 */
export const routeOf = (stream: string, data: Readonly<Record<string, unknown>>): Route => {
  for (const prefix of [prefixes.script, prefixes.summary]) {
    if (stream.startsWith(prefix)) return { topic: topics.scheduledScript, key: stream.slice(prefix.length) };
  }
  if (!stream.startsWith(prefixes.execution)) throw new MalformedMessage('no_route', 'stream');
  const { siteId } = data;
  const key = typeof siteId === 'string' && siteId !== '' ? siteId : stream.slice(prefixes.execution.length);
  return { topic: topics.siteExecution, key };
};
