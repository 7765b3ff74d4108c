import { hash } from 'node:crypto';
import type { ScriptPlan } from '@scheduled-scripts/domain';
import { v7 } from 'uuid';
import { approvalLinks, type TestApi } from './command-api.fixture.js';

/** Asks for approval as the author; the path of the link that `recipient` would get. */
export const linkFor = async (api: TestApi, scriptId: string, recipient = 'auth0|approver'): Promise<string> => {
  const answer = await api.call('GET', `/scripts/scheduled/${scriptId}/authorize`);
  if (answer.status !== 202) throw new Error(`nobody was asked: ${answer.text}`);
  const asked = (await api.eventsOf(scriptId)).findLast(({ type }) => type === 'scheduled-script.authorization-requested.v1');
  return pathFor(scriptId, String(asked?.data['authorizationId']), recipient);
};

export const pathFor = (scriptId: string, authorizationId: string, recipient = 'auth0|approver'): string =>
  `/authorize/${approvalLinks.mint({ scriptId, authorizationId, recipient })}`;

/** What is recorded when approval of the first version is asked for a minute later. */
export const askedAgain = () => {
  const data = { authorizationId: v7(), version: 1, approvers: ['auth0|approver'], informed: [], unknown: [] };
  return { type: 'scheduled-script.authorization-requested.v1', data } as const;
};

/** What a page of an approval is headed by. */
export const titleOf = (page: string): string => /<h1>(.*?)<\/h1>/.exec(page)?.[1] ?? '';

/** A script as its events tell of it, whatever the API would say of such a plan; and the link of its request. */
export const recorded = async (api: TestApi, plan: Partial<ScriptPlan>): Promise<{ id: string; link: string }> => {
  const id = v7();
  const request = askedAgain();
  const { script = ':put 1' } = plan;
  const whole = {
    description: 'Move the guests',
    script,
    scriptSha256: hash('sha256', script),
    launchAt: '2090-01-01T00:00:00.000000Z',
    sites: [api.sites[0]],
    notify: ['auth0|approver'],
    testSiteId: null,
    makeBackup: true,
    abortIfOffline: false,
    ...plan,
  };
  await api.record(id, { type: 'scheduled-script.created.v1', data: { scriptId: id, organizationId: 'org_a', ...whole } }, request);
  return { id, link: pathFor(id, request.data.authorizationId) };
};
