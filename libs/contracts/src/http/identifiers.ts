import { z } from 'zod';
import { limits } from './limits.js';

export const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const siteIdForm = /^site_[0-9A-Za-z]{16,32}$/;

/** A UUID of a path in the form that we store, or null: then nothing can stand at that path (404). */
export const parseUuid = (text: string): string | null => {
  const lower = text.toLowerCase();
  return uuidForm.test(lower) ? lower : null;
};

export const isSiteId = (text: string): boolean => siteIdForm.test(text);

export const siteIdInput = () => z.string().regex(siteIdForm, { error: 'must be a site id: site_ and 16 to 32 letters or digits' });

const userIdForm = new RegExp(`^[\\x20-\\x7e]{1,${limits.userIdCharacters}}$`);

/** A user's `sub`, as the identity provider spells it; OpenID Connect allows ASCII only. */
export const userIdInput = () =>
  z.string().regex(userIdForm, { error: `must be a user id: 1 to ${limits.userIdCharacters} printable ASCII characters` });
