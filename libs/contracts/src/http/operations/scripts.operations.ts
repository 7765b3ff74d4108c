import { progressResource } from '../progress.resource.js';
import { scheduledScriptListQuery } from '../query.requests.js';
import { scriptRequests } from '../scheduled-script.requests.js';
import { scheduledScriptResource } from '../scheduled-script.resource.js';
import { scopes } from '../scopes.js';
import { siteExecutionResource } from '../site-execution.resource.js';
import { completedExecution, launchedScript, scheduledScript, scriptDraft, shortDraft, unauthorizedScript } from './examples.js';
import { json, jsonList, notModified } from './answers.js';
import type { Operation } from './operation.js';
import { pathParameters } from './parameters.js';

const tag = 'Scheduled scripts';
const at = { tag, path: '/scripts/scheduled/{id}', pathParameters: [pathParameters.scriptId] } as const;
const reading = { ...at, servedBy: 'query-api', method: 'GET', access: [scopes.viewScripts] } as const;
const commanding = { ...at, servedBy: 'command-api', headers: ['If-Match'] } as const;

export const scriptOperations = [
  {
    id: 'listScheduledScripts',
    servedBy: 'query-api',
    tag,
    method: 'GET',
    path: '/scripts/scheduled',
    access: [scopes.viewScripts],
    summary: 'List scheduled scripts',
    description:
      "All scripts of the caller's organization, newest first: those to come, those under way and those that are over. The list lags behind " +
      'changes by a moment. Without `limit` the newest 1 000; a page also ends at 8 MiB, so that it may be shorter than `limit`: whether there ' +
      'is more says the `Link` header alone.',
    query: scheduledScriptListQuery,
    answers: {
      200: {
        description: 'A page of the list; a bare array.',
        headers: ['Link', 'Cache-Control'],
        content: jsonList(scheduledScriptResource, { page: { value: [scheduledScript] }, nothing: { value: [] } }),
      },
    },
    problems: [],
  },
  {
    id: 'createScheduledScript',
    servedBy: 'command-api',
    tag,
    method: 'POST',
    path: '/scripts/scheduled',
    access: [scopes.createScripts],
    summary: 'Schedule a script',
    description:
      'Creates an `unauthorized` script. Nothing runs before somebody else has approved it. Send an `Idempotency-Key`: without one, a request ' +
      'that is sent again because no answer came creates a second script.',
    headers: ['Idempotency-Key'],
    body: {
      schema: scriptRequests.create,
      examples: {
        whole: { summary: 'Every field', value: scriptDraft },
        required: {
          summary: 'What is required',
          value: {
            description: scriptDraft.description,
            script: scriptDraft.script,
            launch_at: scriptDraft.launch_at,
            sites: scriptDraft.sites,
          },
        },
      },
    },
    answers: {
      201: {
        description: 'The new script.',
        headers: ['ETag', 'Location'],
        content: json(scheduledScriptResource, { created: { value: unauthorizedScript } }),
      },
    },
    problems: ['launch_at_in_past', 'unknown_site', 'idempotency_key_reused', 'idempotency_key_in_use'],
  },
  {
    ...reading,
    id: 'getScheduledScript',
    summary: 'Get a scheduled script',
    description: 'One script. It lags behind changes by a moment; with `Min-Version` it never shows less than you know.',
    headers: ['Min-Version', 'If-None-Match'],
    answers: {
      200: {
        description: 'The script.',
        headers: ['ETag', 'Cache-Control'],
        content: json(scheduledScriptResource, { scheduled: { value: scheduledScript }, launched: { value: launchedScript } }),
      },
      304: notModified(),
    },
    problems: ['script_not_found', 'projection_behind'],
  },
  {
    ...commanding,
    id: 'reviseScheduledScript',
    method: 'PUT',
    access: [scopes.updateScripts],
    summary: 'Change a scheduled script',
    description:
      'Replaces what was planned, up to its launch. `launch_at`, `abort_if_offline` and `test_site_id` stay as they are when left out; ' +
      '`notify` and `make_backup` fall back to their defaults. Every change, even one that changes nothing, makes the script `unauthorized` ' +
      'again and voids every approval link that was sent. A launch time that is kept and has passed is 422 `launch_at_in_past`. Sent again, ' +
      'the same body is another change; with `If-Match` the second one is 412.',
    body: {
      schema: scriptRequests.revise,
      examples: { whole: { summary: 'Every field', value: scriptDraft }, kept: { summary: 'Keeping the launch time', value: shortDraft } },
    },
    answers: {
      200: {
        description: 'The script as the change left it.',
        headers: ['ETag'],
        content: json(scheduledScriptResource, { revised: { value: unauthorizedScript } }),
      },
    },
    problems: ['script_not_found', 'revision_mismatch', 'script_already_launched', 'script_cancelled', 'launch_at_in_past', 'unknown_site'],
  },
  {
    ...commanding,
    id: 'cancelScheduledScript',
    method: 'DELETE',
    access: [scopes.deleteScripts],
    summary: 'Cancel a scheduled script',
    description:
      'It will never be launched. It stays readable, with its history, as `cancelled`; nothing un-cancels it. Sent again: 204 again. A script ' +
      'that was launched cannot be cancelled: `POST …/abort` withdraws it from the sites where it has not started.',
    answers: { 204: { description: 'It is cancelled.' } },
    problems: ['script_not_found', 'revision_mismatch', 'script_already_launched'],
  },
  {
    ...reading,
    id: 'getProgress',
    path: `${at.path}/progress`,
    summary: 'Get the progress of a rollout',
    description:
      'Only the `progress` of the script: smaller than the script, to be asked for often. `GET …/events` tells it without asking.',
    headers: ['Min-Version'],
    answers: {
      200: {
        description: 'Three empty lists before the launch.',
        headers: ['Cache-Control'],
        content: json(progressResource, { before: { value: scheduledScript.progress }, after: { value: launchedScript.progress } }),
      },
    },
    problems: ['script_not_found', 'projection_behind'],
  },
  {
    ...reading,
    id: 'watchScheduledScript',
    path: `${at.path}/events`,
    summary: 'Watch a scheduled script',
    description:
      'A stream of server-sent events. `event: script` carries the script, at once and after each change; `event: execution` carries one row of ' +
      '`GET …/executions`. Each event has an `id`: after a break, send the last one as `Last-Event-ID` and the stream goes on behind it. Events ' +
      'say how things stand, so that several changes in a row may come as one. Something is said every 15 seconds, if only a comment. The stream ' +
      'ends when the token does, when the service stops, and when nothing is read for 30 seconds: come back with `Last-Event-ID`. 429 when you ' +
      'follow more than 100 scripts at a time.',
    headers: ['Min-Version', 'Last-Event-ID'],
    answers: {
      200: {
        description: 'The stream; it has no end of its own.',
        headers: ['Cache-Control'],
        content: {
          mediaType: 'text/event-stream',
          schema: scheduledScriptResource,
          events: { script: scheduledScriptResource, execution: siteExecutionResource },
          examples: {
            events: {
              value: `event: script\nid: 1\ndata: ${JSON.stringify(launchedScript)}\n\nevent: execution\nid: 2\ndata: ${JSON.stringify(completedExecution)}\n\n`,
            },
          },
        },
      },
    },
    problems: ['script_not_found', 'projection_behind'],
  },
] as const satisfies readonly Operation[];
