import { randomBytes } from 'node:crypto';
import { ApprovalLinks, parseApprovalLinkKeys } from '@scheduled-scripts/auth/approval-links';

const approvalLinkKeys = `k1:${randomBytes(32).toString('base64')}`;
export const approvalLinks = new ApprovalLinks(parseApprovalLinkKeys(approvalLinkKeys));
export const publicUrl = 'https://scripts.example/api';

export const users = {
  org_1: {
    boss: { email: 'boss@a.example', approver: true },
    chief: { email: 'chief@a.example', approver: true },
    clerk: { email: 'clerk@a.example' },
  },
  org_2: { stranger: { email: 'stranger@b.example' } },
};

/** What a notifier needs; `url` is of everything that Postgres is for. */
export const environmentWith = (url: string, mailUrl: string, usersFile: string): Record<string, string> => ({
  NODE_ENV: 'test',
  DATABASE_URL: url,
  MESSAGING_URL: url,
  MAIL_URL: mailUrl,
  PUBLIC_URL: `${publicUrl}/`,
  APPROVAL_LINK_KEYS: approvalLinkKeys,
  USER_DIRECTORY_FILE: usersFile,
});
