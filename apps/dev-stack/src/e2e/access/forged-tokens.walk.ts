import { forgedTokens } from '@scheduled-scripts/auth/testing';
import { severalAtATime } from '../several-at-a-time.js';
import type { Scene } from './scene.js';
import type { Answer, Sent } from './http-client.js';
import { codeOf, requestFor, type Way } from './ways.js';
import { wrongPlaces } from './wrong-places.js';

interface Attempt {
  readonly way: Way;
  readonly kind: string;
  readonly code: string;
  readonly sent: Sent;
}

export interface Refusals {
  /** The attempts that were not refused as they should be, in words. */
  readonly surprises: readonly string[];
  /** What those were told that were refused, each once. */
  readonly bodies: readonly string[];
  readonly attempts: number;
}

const refusalsOf = async ({ stage: { client } }: Scene, attempts: readonly Attempt[]): Promise<Refusals> => {
  const surprises: string[] = [];
  const bodies = new Set<string>();
  const isRefused = (answer: Answer, { code, sent: { method } }: Attempt): boolean => {
    if (answer.status !== 401 || answer.headers['www-authenticate']?.startsWith('Bearer') !== true) return false;
    if (method === 'HEAD') return answer.body === '';
    bodies.add(answer.body);
    return codeOf(answer) === code;
  };
  // Where the issuer is slow to say whether it knows a key, on a busy machine, nobody is judged yet: that is asked again.
  const judged = async (attempt: Attempt, patience = 10): Promise<Answer> => {
    const answer = await client.send(attempt.way.baseUrl, attempt.sent);
    return answer.status === 503 && patience > 0 ? judged(attempt, patience - 1) : answer;
  };
  await severalAtATime(128, attempts, async (attempt) => {
    const answer = await judged(attempt);
    if (!isRefused(answer, attempt)) surprises.push(`${attempt.way.name}: ${attempt.kind}: ${answer.status} ${answer.body.slice(0, 200)}`);
  });
  return { surprises: surprises.slice(0, 20), bodies: [...bodies], attempts: attempts.length };
};

/**
 * With each kind of forged token, and in each wrong place: kind by kind, so that invented keys are asked for together. Of `share` routes
 * each kind meets one, and each route one of so many kinds.
 */
const attemptsOn = (ways: readonly Way[], { stage: { forge }, belongings: { ours } }: Scene, share: number): readonly Attempt[] => {
  const good = forge.token();
  const forged = forgedTokens.map(([kind, make, code]) => ({
    kind,
    code,
    headers: { authorization: `Bearer ${make(forge)}` },
    query: undefined,
  }));
  const misplaced = wrongPlaces(good, 'nonsense').map(({ name, code, headers = {}, query }) => ({
    kind: `a good token in ${name}`,
    code,
    headers,
    query,
  }));
  return [...forged, ...misplaced].flatMap(({ kind, code, headers, query }, nth) =>
    ways
      .filter((_way, index) => (index + nth) % share === 0)
      .map((way) => {
        const sent = requestFor(way.route, ours, headers);
        return { way, kind, code, sent: query === undefined ? sent : { ...sent, path: `${sent.path}?${query}` } };
      }),
  );
};

/** Sends all of them to all of the routes, or to a share of them. */
export const walkWithForgedTokens = (scene: Scene, ways: readonly Way[], share = 1): Promise<Refusals> =>
  refusalsOf(scene, attemptsOn(ways, scene, share));
