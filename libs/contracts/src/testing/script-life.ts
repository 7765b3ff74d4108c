import { hash } from 'node:crypto';
import {
  addMillis,
  scheduledScriptDecider,
  scheduledScriptStream,
  scriptSummaryDecider,
  scriptSummaryStream,
  summaryOf,
  timestampOfMillis,
  type ScheduledScript,
  type ScheduledScriptCommand,
  type ScheduledScriptState,
  type ScriptPlan,
  type ScriptSummaryState,
  type Timestamp,
} from '@scheduled-scripts/domain';
import * as fc from 'fast-check';
import type { EventMessage } from '../messages/index.js';
import { idOf, Recorder } from './recorder.js';

const begin = Date.parse('2026-03-01T00:00:00Z');
const windowMillis = 7_200_000;
const clock = (minutes: number): Timestamp => timestampOfMillis(begin + minutes * 60_000 + minutes);

export const sha256 = (text: string): string => hash('sha256', text);

const moves = [
  'revise',
  'retext',
  'text-back',
  'ask',
  'authorize',
  'cancel',
  'launch',
  'launch-late',
  'launch-by-hand',
  'test',
  'abort',
  'summarize',
  'summarize-late',
  'complete',
] as const;
type Move = (typeof moves)[number];

const addition = '\r\n# "é" 🚀';

const commandOf = (move: Move, script: ScheduledScript, at: Timestamp): ScheduledScriptCommand | null => {
  const author = { at, by: 'auth0|author' };
  const approver = { at, by: 'auth0|approver', allowSelfAuthorization: false };
  const service = { at, by: 'service:launcher' };
  const { description, script: text, scriptSha256, sites, notify, makeBackup } = script;
  switch (move) {
    case 'revise':
      return {
        type: 'revise',
        ...author,
        plan: { description: `${description}!`, script: text, scriptSha256, sites, notify: [], makeBackup },
      };
    case 'retext':
    case 'text-back': {
      const changed = move === 'retext' ? text + addition : text.replace(addition, '');
      const plan = {
        description,
        script: changed,
        scriptSha256: sha256(changed),
        sites: sites.slice(0, 1),
        notify,
        makeBackup: !makeBackup,
      };
      return { type: 'revise', ...author, plan: { ...plan, launchAt: addMillis(at, 86_400_000), testSiteId: null } };
    }
    case 'ask': {
      const recipients = { approvers: ['auth0|approver'], informed: [], unknown: ['auth0|nobody'] };
      return { type: 'request-authorization', ...author, authorizationId: idOf(script.id, at), recipients };
    }
    case 'authorize':
      return { type: 'authorize', ...approver, authorizationId: null };
    case 'cancel':
      return { type: 'cancel', ...author };
    case 'launch':
      return { type: 'launch-on-schedule', ...service, at: script.launchAt, graceMillis: 900_000, windowMillis };
    case 'launch-late':
      return { type: 'launch-on-schedule', ...service, at: addMillis(script.launchAt, 900_001), graceMillis: 900_000, windowMillis };
    case 'launch-by-hand':
      return { type: 'launch-by-hand', ...approver, windowMillis };
    case 'test':
      return { type: 'request-test', ...author, windowMillis };
    case 'abort':
      return { type: 'abort-rollout', ...author };
    case 'complete':
      return { type: 'complete-rollout', ...service, completed: sites.length, failedSites: [] };
    case 'summarize':
    case 'summarize-late':
      return null;
    default:
      return move satisfies never;
  }
};

/** What a script's topic says, message by message, and what the command side has folded by then. */
export interface ScriptLife {
  readonly script: ScheduledScript;
  readonly steps: readonly { readonly message: EventMessage; readonly script: ScheduledScript; readonly summary: string | null }[];
  readonly tests: readonly { readonly siteId: string; readonly number: number }[];
}

const live = (organizationId: string, scriptId: string, plan: ScriptPlan, wanted: readonly Move[]): ScriptLife => {
  const recorder = new Recorder(organizationId);
  const steps: ScriptLife['steps'][number][] = [];
  const tests: ScriptLife['tests'][number][] = [];
  let state: ScheduledScriptState = null;
  let latest: ScriptSummaryState = null;
  const step = (script: ScheduledScript, message: EventMessage) => {
    steps.push({ message, script, summary: summaryOf(script, latest) });
  };
  const decide = (command: ScheduledScriptCommand): void => {
    const decision = scheduledScriptDecider.decide(command, state);
    if (!decision.ok) return;
    for (const event of decision.events) {
      state = scheduledScriptDecider.evolve(state, event);
      if (event.type === 'scheduled-script.test-requested.v1') tests.push(event.data);
      if (state) step(state, recorder.record(scheduledScriptStream(scriptId), event));
    }
  };
  decide({ type: 'create', at: clock(0), by: 'auth0|author', scriptId, organizationId, plan });
  for (const [index, move] of wanted.entries()) {
    const script = state as ScheduledScriptState;
    if (!script) break;
    const at = clock(index + 1);
    const command = commandOf(move, script, at);
    if (command) {
      decide(command);
      continue;
    }
    // A late one is about the text that stood first.
    const { scriptSha256 } = move === 'summarize-late' ? plan : script;
    const data = { scriptId, scriptSha256, summary: `Does "${index}".` };
    const event = { type: 'script-summary.summarized.v1', at, by: 'service:summarizer', data } as const;
    latest = scriptSummaryDecider.evolve(latest, event);
    step(script, recorder.record(scriptSummaryStream(scriptId), event));
  }
  const last = steps.at(-1);
  if (!last) throw new Error('a life begins with its creation');
  return { script: last.script, steps, tests };
};

export const siteIds = (seed: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `site_${sha256(`${seed} ${index}`).slice(0, 20)}`);

export interface LifeOptions {
  readonly organizationId?: string;
  readonly maximumSites?: number;
}

/** What may become of one script, decided by the domain itself from commands at random. */
export const scriptLife = ({ organizationId = 'org_a', maximumSites = 4 }: LifeOptions = {}): fc.Arbitrary<ScriptLife> =>
  fc
    .record({
      scriptId: fc.uuid({ version: 7 }),
      text: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map((text) => text.replaceAll('\0', ' ')),
      sites: fc.integer({ min: 1, max: maximumSites }),
      testSite: fc.boolean(),
      flags: fc.tuple(fc.boolean(), fc.boolean()),
      // Half of them are on their way to a launch, which chance alone would seldom find.
      wanted: fc.oneof(
        fc.array(fc.constantFrom(...moves), { maxLength: 12 }),
        fc
          .tuple(
            fc.array(fc.constantFrom<Move>('revise', 'retext', 'text-back', 'test', 'summarize', 'summarize-late', 'ask'), {
              maxLength: 4,
            }),
            fc.array(fc.constantFrom(...moves), { maxLength: 6 }),
          )
          .map(([before, after]): Move[] => [...before, 'authorize', 'launch', ...after]),
      ),
    })
    .map(({ scriptId, text, sites, testSite, flags: [makeBackup, abortIfOffline], wanted }) => {
      const targets = siteIds(scriptId, sites);
      const plan: ScriptPlan = {
        description: text.slice(0, 20) || 'x',
        script: text,
        scriptSha256: sha256(text),
        launchAt: timestampOfMillis(begin + 86_400_000),
        sites: targets,
        notify: ['auth0|approver'],
        testSiteId: testSite ? (targets[0] ?? null) : null,
        makeBackup,
        abortIfOffline,
      };
      return live(organizationId, scriptId, plan, wanted);
    });
