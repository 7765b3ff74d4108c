import { ApprovalLinks, parseApprovalLinkKeys } from '@scheduled-scripts/auth/approval-links';
import type { AccessStage } from './access-stage.js';
import type { Connection } from '../../stack/connection.js';
import { users } from '../../stack/users.js';
import type { Answer } from './http-client.js';

export type Person = keyof Connection['tokens'];

export interface Asked {
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Through the gateway, as one of the stack's people; `null`: nobody. */
export type Ask = (who: Person | null, method: string, path: string, asked?: Asked) => Promise<Answer>;

export const askOf =
  ({ client, connection }: AccessStage): Ask =>
  (who, method, path, { body, headers = {} } = {}) => {
    const authorization: Record<string, string> = who === null ? {} : { authorization: `Bearer ${connection.tokens[who]}` };
    if (body === undefined) return client.send(connection.baseUrl, { method, path, headers: { ...authorization, ...headers } });
    const json = { 'content-type': 'application/json', ...authorization, ...headers };
    return client.send(connection.baseUrl, { method, path, headers: json, body: JSON.stringify(body) });
  };

export const idOf = ({ body }: Answer): string => String((JSON.parse(body) as { id?: unknown }).id);

/** The ids in a list. */
export const idsIn = ({ body }: Answer): readonly string[] => (JSON.parse(body) as { id: string }[]).map(({ id }) => id);

/** The cursor of the next page. */
export const cursorIn = ({ headers }: Answer): string =>
  encodeURIComponent(
    new URL(/^<(.+)>; rel="next"$/.exec(headers['link'] ?? '')?.[1] ?? '', 'http://list').searchParams.get('cursor') ?? '',
  );

/** Of a link by which the other organization's approver would approve the script; good for as much as the keys are. */
export const approvalToken = (keys: string, scriptId: string): string =>
  new ApprovalLinks(parseApprovalLinkKeys(keys)).mint({
    scriptId,
    authorizationId: '018f5bda-4690-7432-8472-358b2734f19c',
    recipient: users.otherOrganization.sub,
  });
