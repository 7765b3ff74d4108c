import * as fc from 'fast-check';
import type { FuzzedRoute } from './fuzz-stack.js';
import { requestsTo } from './request.arbitraries.js';
import type { RequestDraft } from './request-draft.js';

/** What one client does with one connection. */
export interface Conversation {
  readonly via: 'gateway' | FuzzedRoute['service'];
  /** Sent one after the other, without waiting. */
  readonly requests: readonly RequestDraft[];
  /** The last one says that the connection is to be closed. */
  readonly closes: boolean;
  readonly manner:
    /** In pieces that end at these shares of the whole, or byte by byte at first. */
    | { readonly kind: 'whole'; readonly cuts: readonly number[] }
    | { readonly kind: 'drip' }
    /** The last request stops at this share of it. */
    | { readonly kind: 'half'; readonly share: number; readonly next: 'finish' | 'reset' | 'wait' }
    /** The last request has a body in chunks that never ends. */
    | { readonly kind: 'endless' };
}

const share = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

const manner: fc.Arbitrary<Conversation['manner']> = fc.oneof(
  { weight: 80, arbitrary: fc.record({ kind: fc.constant('whole' as const), cuts: fc.array(share, { maxLength: 3 }) }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'drip' as const }) },
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant('half' as const), share, next: fc.constantFrom('finish' as const, 'reset' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('half' as const), share, next: fc.constant('wait' as const) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'endless' as const }) },
);

export const conversationsWith = (routes: readonly FuzzedRoute[]): fc.Arbitrary<Conversation> => {
  const { valid, hostile, broken } = requestsTo(routes);
  const whole = fc.oneof({ weight: 2, arbitrary: valid }, { weight: 8, arbitrary: hostile });
  const last = fc.oneof({ weight: 2, arbitrary: valid }, { weight: 8, arbitrary: hostile }, { weight: 3, arbitrary: broken });
  return fc
    .record({
      where: fc.constantFrom(
        'gateway' as const,
        'gateway' as const,
        'own' as const,
        'own' as const,
        'commandApi' as const,
        'queryApi' as const,
      ),
      before: fc.oneof(
        { weight: 3, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(whole, { minLength: 1, maxLength: 3 }) },
      ),
      last,
      closes: fc.boolean(),
      manner,
    })
    .map(({ where, before, last: final, ...rest }) => ({
      ...rest,
      via: where === 'own' ? final.service : where,
      requests: [...before, final],
    }));
};
