import { z } from 'zod';
import { scheduledScriptResource } from '../scheduled-script.resource.js';
import { scopes } from '../scopes.js';
import { accepted, json } from './answers.js';
import { scheduledScript } from './examples.js';
import type { Answer, Operation } from './operation.js';
import { pathParameters } from './parameters.js';

const tag = 'Authorization';
const at = {
  tag,
  servedBy: 'command-api',
  path: '/scripts/scheduled/{id}/authorize',
  pathParameters: [pathParameters.scriptId],
  headers: ['If-Match'],
} as const;
const link = {
  tag,
  servedBy: 'command-api',
  path: '/authorize/{token}',
  pathParameters: [pathParameters.approvalToken],
  access: 'public',
  tellsErrorsAs: 'page',
  problems: [],
} as const;

const page = (description: string): Answer => ({
  description,
  headers: ['Cache-Control'],
  content: { mediaType: 'text/html', schema: z.string() },
});

/** Whatever goes wrong is told as a page too. */
const refusals = {
  400: page('The request cannot be understood.'),
  403: page('Its recipient may not approve this script: no approver of the organization, or an author of the script.'),
  404: page('The link is none of ours, or leads to nothing.'),
  409: page('The launch time has passed: with a new one, approval can be asked for again.'),
  410: page('The link is void: the script was approved (by this link, another one or the API), changed, launched or cancelled.'),
  414: page('The link is longer than any of ours.'),
  429: page('Too many requests.'),
  500: page('Our fault.'),
  503: page('It cannot be answered now.'),
};

export const authorizationOperations = [
  {
    ...at,
    id: 'requestAuthorization',
    method: 'GET',
    hasNoHead: true,
    access: [scopes.updateScripts],
    summary: 'Request authorization',
    description:
      'A GET with an effect, as this API has always had it: mails the approvers among `notify`, never an author of the script, a link that is ' +
      'good for one approval of this version. The other users of `notify` are told. Repeated within a minute for the same version: 202, and ' +
      'nothing new is sent; later: new mails, and the links that were sent before stay good beside the new ones. `HEAD` is 405 here. 422 `no_approver` when nobody of `notify` may approve; then somebody with `script:authorize` ' +
      'can, by `POST`.',
    answers: { 202: { ...accepted('The mails are on their way. No body.'), headers: ['Cache-Control'] } },
    problems: [
      'script_not_found',
      'revision_mismatch',
      'script_already_launched',
      'script_cancelled',
      'not_authorizable',
      'launch_time_passed',
      'no_approver',
    ],
  },
  {
    ...at,
    id: 'authorizeScheduledScript',
    method: 'POST',
    access: [scopes.authorizeScripts],
    summary: 'Authorize a scheduled script',
    description:
      'Approves the version that stands: the script is `scheduled` and will be launched at `launch_at`. Who wrote any part of it may not (four ' +
      'eyes): 403 `self_authorization_forbidden`. Send `If-Match`, so that what you approve is what you have read. Sent again: 409 ' +
      '`not_authorizable`.',
    answers: {
      200: {
        description: 'The script as the approval left it.',
        headers: ['ETag'],
        content: json(scheduledScriptResource, { scheduled: { value: scheduledScript } }),
      },
    },
    problems: [
      'self_authorization_forbidden',
      'script_not_found',
      'revision_mismatch',
      'script_already_launched',
      'script_cancelled',
      'not_authorizable',
      'launch_time_passed',
    ],
  },
] as const satisfies readonly Operation[];

/** Pages for people who follow the link of a mail; a program uses `POST …/authorize`. */
export const approvalPageOperations = [
  {
    ...link,
    id: 'showApprovalPage',
    method: 'GET',
    summary: 'Show what a link would approve',
    description:
      'A page for people, with the script and a button. Looking changes nothing, so that a mail scanner that follows links approves nothing.',
    answers: { 200: page('The script, and a button.'), ...refusals },
  },
  {
    ...link,
    id: 'approveByLink',
    method: 'POST',
    summary: 'Approve by link',
    description:
      'What the button of the page sends. Every link of the version is void after an approval, a change, a cancellation, or at `launch_at`.',
    answers: {
      200: page('It is approved.'),
      ...refusals,
      413: page('The body is too large. None is needed.'),
      415: page('The body is neither a form nor JSON. None is needed.'),
    },
  },
] as const satisfies readonly Operation[];
