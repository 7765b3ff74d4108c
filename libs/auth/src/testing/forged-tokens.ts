import { expiredTokens, forgedClaims } from './forged-claims.js';
import { forgedHeaders } from './forged-headers.js';
import { forgedShapes } from './forged-shapes.js';
import { forgedSignatures } from './forged-signatures.js';
import type { Forgery } from './forge.js';

/** What a token may be that is none of ours, each with the code that its sender gets. */
export const forgedTokens: readonly (readonly [...Forgery, code: 'token_invalid' | 'token_expired'])[] = [
  ...[...forgedSignatures, ...forgedHeaders, ...forgedClaims, ...forgedShapes].map(
    ([name, make]) => [name, make, 'token_invalid'] as const,
  ),
  ...expiredTokens.map(([name, make]) => [name, make, 'token_expired'] as const),
];
