import { pageQuery } from '../query.requests.js';
import { scopes } from '../scopes.js';
import { siteRequests } from '../site.requests.js';
import { siteCheckResource } from '../site-check.resource.js';
import { siteResource } from '../site.resource.js';
import { json, jsonList, notModified } from './answers.js';
import { site, siteCheck, siteDraft } from './examples.js';
import type { Operation } from './operation.js';
import { pathParameters } from './parameters.js';

const tag = 'Sites';
const ours = { tag, servedBy: 'command-api' } as const;
const at = { ...ours, path: '/sites/{id}', pathParameters: [pathParameters.siteId] } as const;

export const siteOperations = [
  {
    ...ours,
    id: 'listSites',
    method: 'GET',
    path: '/sites',
    access: [scopes.viewSites],
    summary: 'List sites',
    description:
      "All sites of the caller's organization, by id. Without `limit` 1 000 a page; whether there is more says the `Link` header alone.",
    query: pageQuery,
    answers: {
      200: {
        description: 'A page of the list; a bare array.',
        headers: ['Link', 'Cache-Control'],
        content: jsonList(siteResource, { page: { value: [site] } }),
      },
    },
    problems: [],
  },
  {
    ...ours,
    id: 'createSite',
    method: 'POST',
    path: '/sites',
    access: [scopes.manageSites],
    summary: 'Register a site',
    description:
      'An inventory has ids of its own: give yours as `id`, and a request that is sent again is 409 `site_already_exists` instead of a second ' +
      'site. The password is encrypted at rest and never shown again. A name is resolved before the answer: one whose address a site may not ' +
      'have is 422, one that cannot be resolved now is 503.',
    body: {
      schema: siteRequests.create,
      examples: {
        verified: { summary: 'A certificate of a known authority', value: siteDraft },
        pinned: {
          summary: 'One certificate',
          value: {
            name: 'Lighthouse',
            host: '192.0.2.18',
            tls: 'pin',
            tls_fingerprint: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
            username: 'automation',
            password: 'correct horse battery staple',
          },
        },
      },
    },
    answers: {
      201: { description: 'The new site.', headers: ['ETag', 'Location'], content: json(siteResource, { created: { value: site } }) },
    },
    problems: ['site_already_exists', 'site_serial_taken'],
  },
  {
    ...at,
    id: 'getSite',
    method: 'GET',
    access: [scopes.viewSites],
    summary: 'Get a site',
    description: 'One site, as it stands: sites are read where they are written.',
    headers: ['If-None-Match'],
    answers: {
      200: { description: 'The site.', headers: ['ETag', 'Cache-Control'], content: json(siteResource, { site: { value: site } }) },
      304: notModified(),
    },
    problems: ['site_not_found'],
  },
  {
    ...at,
    id: 'changeSite',
    method: 'PATCH',
    access: [scopes.manageSites],
    summary: 'Change a site',
    description:
      'What is left out stays as it is. Executions that have begun go on as they are; the next connection uses what stands then. `tls: pin` and ' +
      '`tls_fingerprint` go together.',
    headers: ['If-Match'],
    body: { schema: siteRequests.change, examples: { renamed: { value: { name: 'Harbour office, north' } } } },
    answers: {
      200: { description: 'The site as the change left it.', headers: ['ETag'], content: json(siteResource, { site: { value: site } }) },
    },
    problems: ['site_not_found', 'revision_mismatch', 'site_serial_taken'],
  },
  {
    ...at,
    id: 'removeSite',
    method: 'DELETE',
    access: [scopes.manageSites],
    summary: 'Remove a site',
    description:
      'Its password is gone with it. While a script may still run there: 409 `site_in_use`. A request that is under way, and may let one, is ' +
      'waited for, for a second. Sent again: 404.',
    headers: ['If-Match'],
    answers: { 204: { description: 'It is gone.' } },
    problems: ['site_not_found', 'revision_mismatch', 'site_in_use'],
  },
  {
    ...at,
    id: 'checkSite',
    method: 'POST',
    path: `${at.path}/check`,
    access: [scopes.manageSites],
    summary: 'Check a site',
    description:
      'Connects to the router now and says whether a script could be run there: certificate, login, device, version, rights, clock. Only reads; ' +
      'nothing on the router changes. Whatever is wrong with the router is an answer, 200 with `problems`. A site that is being checked already ' +
      'is 409 `site_check_in_progress`; too many checks at a time are 429; both say when to ask again.',
    answers: { 200: { description: 'What was found.', content: json(siteCheckResource, { fine: { value: siteCheck } }) } },
    problems: ['site_not_found', 'site_check_in_progress'],
  },
] as const satisfies readonly Operation[];
