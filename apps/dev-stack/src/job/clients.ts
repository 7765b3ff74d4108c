import { setTimeout as rest } from 'node:timers/promises';
import { createClient, ProblemError, type ClientOptions, type ScheduledScriptsApi } from '@scheduled-scripts/client';
import type { Connection } from '../stack/connection.js';

/** One for each of those whose tokens the stack hands out. */
export type Clients = Readonly<Record<keyof Connection['tokens'], ScheduledScriptsApi>>;

const patienceMillis = 60_000;

/** Patient unless told otherwise. */
export const clientsOf = (
  { baseUrl, tokens }: Pick<Connection, 'baseUrl' | 'tokens'>,
  own: Pick<ClientOptions, 'fetch' | 'patienceMillis'> = {},
): Clients => {
  const of = (token: string): ScheduledScriptsApi => createClient({ baseUrl, token, patienceMillis, ...own });
  return {
    author: of(tokens.author),
    approver: of(tokens.approver),
    viewer: of(tokens.viewer),
    otherOrganization: of(tokens.otherOrganization),
  };
};

/** Again while the answer is 503: for what the client does not repeat by itself, and may be asked for twice all the same. */
export const insist = async <T>(ask: () => Promise<T>): Promise<T> => {
  for (const deadline = Date.now() + patienceMillis; ; await rest(500)) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 503 || Date.now() > deadline) throw error;
    }
  }
};
