import { z } from 'zod';
import { historyEntryResource } from '../history.resource.js';
import { pageQuery } from '../query.requests.js';
import { scopes } from '../scopes.js';
import { siteExecutionResource } from '../site-execution.resource.js';
import { accepted, jsonList, notModified } from './answers.js';
import { completedExecution, failedExecution, scheduledScript } from './examples.js';
import type { Operation } from './operation.js';
import { pathParameters } from './parameters.js';

const tag = 'Executions';
const script = '/scripts/scheduled/{id}';
const ofScript = { tag, pathParameters: [pathParameters.scriptId] } as const;
const reading = { ...ofScript, servedBy: 'query-api', method: 'GET', access: [scopes.viewScripts] } as const;
const commanding = { ...ofScript, servedBy: 'command-api', method: 'POST', headers: ['If-Match'] } as const;

export const executionOperations = [
  {
    ...reading,
    id: 'listExecutions',
    path: `${script}/executions`,
    summary: 'List the executions of a script',
    description:
      'One row a site and run, rollout and tests, by site. Pages as in the list of scripts. Empty before the launch and the first test.',
    query: pageQuery,
    headers: ['Min-Version'],
    answers: {
      200: {
        description: 'A page of the list; a bare array.',
        headers: ['Link', 'Cache-Control'],
        content: jsonList(siteExecutionResource, { page: { value: [completedExecution, failedExecution] } }),
      },
    },
    problems: ['script_not_found', 'projection_behind'],
  },
  {
    id: 'getBackup',
    path: `${script}/executions/{executionId}/backup`,
    pathParameters: [pathParameters.scriptId, pathParameters.executionId],
    servedBy: 'query-api',
    tag,
    method: 'GET',
    access: [scopes.viewSites],
    summary: 'Get the backup of an execution',
    description:
      'The configuration of the router as it was before the run, byte for byte. It may hold secrets: hence the scope. 404 `backup_not_found` ' +
      'where none was asked for or taken.',
    headers: ['Min-Version', 'If-None-Match'],
    answers: {
      200: {
        description: 'The text.',
        headers: ['BackupETag', 'Cache-Control'],
        content: {
          mediaType: 'text/plain',
          schema: z.string(),
          examples: { backup: { value: '# 2025-11-01 02:00:02 by RouterOS 7.18\n/ip address\n' } },
        },
      },
      304: notModified('BackupETag'),
    },
    problems: ['script_not_found', 'execution_not_found', 'backup_not_found', 'projection_behind'],
  },
  {
    ...reading,
    id: 'listHistory',
    path: `${script}/history`,
    summary: 'List what happened to a script',
    description:
      'Every recorded event of the script, oldest first, with its summaries and the outcomes of its tests: who did what, and when. Pages as in ' +
      'the list of scripts.',
    query: pageQuery,
    headers: ['Min-Version'],
    answers: {
      200: {
        description: 'A page of the list; a bare array.',
        headers: ['Link', 'Cache-Control'],
        content: jsonList(historyEntryResource, {
          page: {
            value: [
              {
                type: 'scheduled-script.authorized.v1',
                at: scheduledScript.authorized_at,
                by: scheduledScript.notify[0],
                data: { version: 1, authorizationId: null },
              },
            ],
          },
        }),
      },
    },
    problems: ['script_not_found', 'projection_behind'],
  },
  {
    ...commanding,
    id: 'testScheduledScript',
    path: `${script}/test`,
    access: [scopes.updateScripts],
    summary: 'Test a script',
    description:
      'Runs the script now, on `test_site_id` alone, before it was launched or cancelled; it needs no approval, and changes neither status nor ' +
      'progress. The result is in `GET …/executions` (kind `test`) and `GET …/history`. Each request is a test of its own.',
    answers: { 202: accepted('It will run. No body.') },
    problems: ['script_not_found', 'revision_mismatch', 'script_already_launched', 'script_cancelled', 'no_test_site'],
  },
  {
    ...commanding,
    id: 'launchScheduledScript',
    path: `${script}/launch`,
    access: [scopes.authorizeScripts],
    summary: 'Launch a script now',
    description:
      'Launches a `scheduled` script before its time; not for its author. `launch_at` stays as it is, the history says who did it. Sent again: ' +
      '409 `script_already_launched`.',
    answers: { 202: accepted('It is launched. No body.') },
    problems: [
      'self_authorization_forbidden',
      'script_not_found',
      'revision_mismatch',
      'script_already_launched',
      'script_cancelled',
      'not_launchable',
    ],
  },
  {
    ...commanding,
    id: 'abortRollout',
    path: `${script}/abort`,
    access: [scopes.deleteScripts],
    summary: 'Abort a rollout',
    description:
      'Sites where the script has not been issued fail with `aborted`; where it runs it is left to finish. An abort that was accepted once stays ' +
      'accepted: sent again it is 202 again, also when the rollout has ended. 409 `not_abortable` before the launch, and for a rollout that has ' +
      'ended without an abort.',
    answers: { 202: accepted('What has not started will not. No body.') },
    problems: ['script_not_found', 'revision_mismatch', 'not_abortable'],
  },
] as const satisfies readonly Operation[];
