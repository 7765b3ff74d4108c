import { z } from 'zod';

/** A mail that waits. Written out in full: it says what was true when it was written. */
export const mailRow = z.object({
  organizationId: z.string(),
  userId: z.string(),
  scriptId: z.string(),
  at: z.string(),
  subject: z.string(),
  urgent: z.boolean(),
  text: z.string(),
  html: z.string(),
});

export type MailRow = z.output<typeof mailRow>;
