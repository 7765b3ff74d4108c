import type { Expression, Statement } from './syntax-tree.js';
import { toText, unreachable } from './values.js';

/** How `:put [:parse …]` shows a script: the console's own intermediate form, as far as it is known. */
export const parsedText = (statements: readonly Statement[]): string => statements.map(statement).join(';');

const body = (statements: readonly Statement[]): string => `(evl ${statements.map(statement).join(' ')})`;

const statement = (node: Statement): string => {
  switch (node.kind) {
    case 'command': {
      const args = node.args.map((argument) => {
        if (argument.value === null) return argument.unset ? `!${argument.name}` : `${argument.name}=`;
        if (argument.value.kind === 'code') return `${argument.name}=;${body(argument.value.body)}`;
        const isName = (argument.name === 'name' || argument.name === 'counter') && /^\/(local|global|set|for|foreach)$/.test(node.path);
        return `${argument.name}=${isName ? '$' : ''}${expression(argument.value)}`;
      });
      if (node.where) args.push(`where=${expression(node.where)}`);
      return `(evl ${node.path}${args.join(';')})`;
    }
    case 'late-error':
      return node.path === null ? `(<%% ${node.message} ${node.words.join(';')})` : `(evl ${node.message} ${node.path})`;
    case 'block':
      return body(node.body);
    case 'call': {
      const callee = expression(node.callee);
      return ['(<%%', callee, `(> ${callee})`, ...node.args.map((argument) => expression(argument.value))].join(' ') + ')';
    }
    case 'evaluate':
      return `(evl ${expression(node.expression)})`;
    default:
      return unreachable(node);
  }
};

const expression = (node: Expression): string => {
  switch (node.kind) {
    case 'literal':
      return toText(node.value);
    case 'variable':
    case 'property':
      return `$${node.name}`;
    case 'template':
      return `(. ${node.parts.map(expression).join(' ')})`;
    case 'substitution':
      return body(node.body);
    case 'unary':
      return `(${node.operator} ${expression(node.operand)})`;
    case 'binary':
      return `(${node.operator} ${expression(node.left)} ${expression(node.right)})`;
    case 'array':
      return node.items.map(({ key, value }) => (key ? `${expression(key)}=` : '') + expression(value)).join(';');
    case 'code':
      return body(node.body);
    default:
      return unreachable(node);
  }
};
