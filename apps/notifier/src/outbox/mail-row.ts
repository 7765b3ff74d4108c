import { z } from 'zod';

/**
 * A mail that waits. Written out in full, as it was true then, but for the link, which is a secret, and the names of sites, which are
 * another's to tell: both come in when the mail is sent.
 */
export const mailRow = z.object({
  organizationId: z.string(),
  userId: z.string(),
  scriptId: z.string(),
  at: z.string(),
  subject: z.string(),
  urgent: z.boolean(),
  text: z.string(),
  html: z.string(),
  /** What its link approves. */
  authorizationId: z.string().nullable().default(null),
});

export type MailRow = z.output<typeof mailRow>;
