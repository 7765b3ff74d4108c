import { z } from 'zod';
import { wholeNumber } from './fields.js';
import { secret } from './secret.js';

/** Variables that mean the same to every service that has them: its schema spreads those that it needs. */
export const eventStoreVariables = { EVENT_STORE_URL: secret().describe('URL of the event store') };

export const messagingVariables = { MESSAGING_URL: secret().describe('URL of the topics') };

/** Whose tokens are believed. */
export const tokenVariables = {
  AUTH_ISSUER: z.string().min(1).describe('Who issues the tokens, exactly as their claim iss says'),
  AUTH_AUDIENCE: z.string().min(1).describe('What the claim aud of the tokens must name'),
  AUTH_JWKS_URI: z.url().describe("Where the issuer's public keys are"),
};

/** One service goes by it for launches by hand, another for those on schedule: unless told, both by the same. */
export const executionWindowMillis = () => wholeNumber({ min: 1_000 }).default(7_200_000);

/** Keys, each with an id; `isUsable`: whether the text is what whoever uses them can read. */
export const secretKeys = (isUsable: (text: string) => boolean) =>
  secret(z.string().refine(isUsable, { error: 'must be <id>:<32 bytes in base64>, by commas or lines' }));
