import type { EventStore } from '@scheduled-scripts/event-store';
import type { Messaging } from '@scheduled-scripts/messaging';
import type { Connection } from '../stack/connection.js';
import { clientsOf } from '../job/clients.js';
import { expectedList, readFacts, withoutCountdown, type Facts } from './facts.js';
import type { Acknowledged } from './load.js';
import { scriptStarts } from './routers.js';
import { everyMessage, firstOccurrences } from './topics.js';

/** All of these must be nothing. */
export interface Verdict {
  readonly acknowledgedLost: readonly string[];
  readonly launchedTwice: readonly string[];
  readonly launchedEarly: readonly string[];
  readonly launchedAfterCancel: readonly string[];
  readonly startedTwice: readonly string[];
  /** A text whose summary was followed by another one of it. */
  readonly summarizedTwice: readonly string[];
  readonly missingOnTopics: readonly string[];
  readonly outOfOrderOnTopics: readonly string[];
  readonly listDiffersAt: readonly string[];
}

export interface Figures {
  readonly acknowledged: number;
  readonly unanswered: number;
  readonly events: number;
  readonly messages: number;
  readonly launches: number;
  readonly starts: number;
}

const launchesOf = (facts: Facts, id: string) =>
  (facts.scripts.get(id)?.events ?? []).filter(({ type }) => type === 'scheduled-script.launched.v1');

const duplicates = (names: readonly string[]): readonly string[] => names.filter((name, index) => names.indexOf(name) !== index);

const lost = ({ scripts }: Facts, { created, approved, cancelled }: Acknowledged): readonly string[] => {
  const has = (id: string, type: string): boolean => scripts.get(id)?.events.some((event) => event.type === type) ?? false;
  return [
    ...created.filter((id) => !has(id, 'scheduled-script.created.v1')).map((id) => `created ${id}`),
    ...approved.filter((id) => !has(id, 'scheduled-script.authorized.v1')).map((id) => `approved ${id}`),
    ...cancelled.filter((id) => !has(id, 'scheduled-script.cancelled.v1')).map((id) => `cancelled ${id}`),
  ];
};

/** Reads only the event store, the topics, the list endpoint and the routers' own journals. */
export const judge = async (
  { connection, data, acknowledged }: { connection: Connection; data: string; acknowledged: Acknowledged },
  store: EventStore,
  messaging: Messaging,
): Promise<{ readonly verdict: Verdict; readonly figures: Figures }> => {
  const facts = await readFacts(store);
  const seen = await everyMessage(messaging);
  const onTopics = firstOccurrences(seen);
  const { data: list } = await clientsOf(connection).viewer.listScheduledScripts();
  const starts = (await scriptStarts(data)).filter(({ script, execution }) => script === `ax-${execution}`);

  const ids = [...facts.scripts.keys()];
  const shown = list.map((script) => JSON.stringify(withoutCountdown(script)));
  const expected = expectedList(facts).map((script) => JSON.stringify(script));
  return {
    verdict: {
      acknowledgedLost: lost(facts, acknowledged),
      launchedTwice: ids.filter((id) => launchesOf(facts, id).length > 1),
      launchedEarly: ids.filter((id) => launchesOf(facts, id).some(({ at }) => at < (facts.scripts.get(id)?.state.launchAt ?? ''))),
      launchedAfterCancel: ids.filter((id) => facts.scripts.get(id)?.state.cancelledAt !== null && launchesOf(facts, id).length > 0),
      startedTwice: duplicates(starts.map(({ router, script }) => `${router} ${script}`)),
      summarizedTwice: ids.filter((id) =>
        facts.summaries.get(id)?.some((one, index, all) => one.data.scriptSha256 === all[index - 1]?.data.scriptSha256),
      ),
      missingOnTopics: facts.events
        .filter(({ stream, revision }) => !onTopics.get(stream)?.includes(revision))
        .map(({ stream, revision }) => `${stream}/${revision}`),
      outOfOrderOnTopics: [...onTopics].flatMap(([stream, revisions]) =>
        revisions.every((revision, index) => revision === index) ? [] : [`${stream}: ${revisions.join(' ')}`],
      ),
      listDiffersAt: [...shown.filter((line) => !expected.includes(line)), ...expected.filter((line) => !shown.includes(line))],
    },
    figures: {
      acknowledged: acknowledged.created.length + acknowledged.approved.length + acknowledged.cancelled.length,
      unanswered: acknowledged.unanswered,
      events: facts.events.length,
      messages: seen.length,
      launches: ids.reduce((sum, id) => sum + launchesOf(facts, id).length, 0),
      starts: starts.length,
    },
  };
};
