import type { Literal } from './literal.js';
import type { BinaryOperator } from './operator-syntax.js';
import type { Position } from './source-reader.js';

export type Expression =
  | { readonly kind: 'literal'; readonly value: Literal }
  | { readonly kind: 'variable'; readonly name: string }
  /** A property of the row at hand, inside `where`. */
  | { readonly kind: 'property'; readonly name: string }
  | { readonly kind: 'template'; readonly parts: readonly Expression[] }
  | { readonly kind: 'substitution'; readonly body: readonly Statement[] }
  | { readonly kind: 'unary'; readonly operator: '!' | '-' | '~' | 'any'; readonly operand: Expression }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'array'; readonly items: readonly { readonly key: Expression | null; readonly value: Expression }[] }
  | { readonly kind: 'code'; readonly body: readonly Statement[] };

export interface Argument {
  readonly name: string;
  /** Null for a bare flag such as `as-value`, and for `!name`. */
  readonly value: Expression | null;
  readonly unset: boolean;
}

export type Statement =
  | {
      readonly kind: 'command';
      /** Canonical: `/ip/firewall/filter/add`; `/put` for `:put`. */
      readonly path: string;
      readonly args: readonly Argument[];
      readonly where: Expression | null;
      readonly at: Position;
    }
  /** Found out when it is reached: everything before it has run by then. */
  | {
      readonly kind: 'late-error';
      readonly message: string;
      readonly words: readonly string[];
      readonly path: string | null;
      readonly at: Position;
    }
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  | { readonly kind: 'call'; readonly callee: Expression; readonly args: readonly PassedArgument[]; readonly at: Position }
  | { readonly kind: 'evaluate'; readonly expression: Expression; readonly at: Position };

export interface PassedArgument {
  readonly name: string | null;
  readonly value: Expression;
}
