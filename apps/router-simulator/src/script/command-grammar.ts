/** What the parser must know of a command to read its arguments. */
export interface CommandGrammar {
  /** Names that are accepted; null accepts every name. */
  readonly parameters: ReadonlySet<string> | null;
  /** Which parameters unnamed values go to, in order. */
  readonly positional: readonly string[];
  /** Parameters whose `{…}` is code, run by the command. Elsewhere it is text (menus) or an array (`:` commands). */
  readonly code?: ReadonlySet<string>;
  /** `{…}` is the text between the braces. */
  readonly text?: boolean;
  /** Whether conditions follow at once (`find`) or after `where` (`print`). */
  readonly conditions?: 'bare' | 'where';
  /** `:local x 5`: the first unnamed value is a name, never looked up. */
  readonly rawFirst?: boolean;
}

/** The tree of menus that a router has, as far as reading a script needs it. Paths start with a slash; the root is ``. */
export interface CommandTree {
  /** `word` may be abbreviated. */
  resolve(menu: string, word: string): { readonly kind: 'menu' | 'command'; readonly path: string } | null;
  grammar(command: string): CommandGrammar;
  readonly slashPaths: boolean;
  /** The `:` commands that this release knows. */
  hasLanguageCommand(name: string): boolean;
}

const grammar = (names: string, more: Partial<CommandGrammar> = {}): CommandGrammar => {
  const parameters = names.split(' ').filter((name) => name !== '');
  return { parameters: new Set(parameters), positional: parameters.filter((name) => !more.code?.has(name)), ...more };
};

const code = (...names: string[]): { code: ReadonlySet<string> } => ({ code: new Set(names) });

/** The `:` commands, by name. */
export const languageCommands: Readonly<Record<string, CommandGrammar>> = {
  put: grammar('message'),
  error: grammar('message'),
  return: grammar('value'),
  local: grammar('name value do', { ...code('do'), rawFirst: true }),
  global: grammar('name value do', { ...code('do'), rawFirst: true }),
  set: grammar('name value do', { ...code('do'), rawFirst: true }),
  if: grammar('condition do else', code('do', 'else')),
  for: grammar('counter from to step do', { ...code('do'), rawFirst: true }),
  foreach: grammar('counter in do', { ...code('do'), rawFirst: true }),
  while: grammar('condition do', code('do')),
  do: { ...grammar('command while on-error', code('command', 'on-error')), positional: ['command'] },
  onerror: { ...grammar('error in do', { ...code('in', 'do'), rawFirst: true }), positional: ['error'] },
  retry: { ...grammar('command delay max on-error', code('command', 'on-error')), positional: ['command'] },
  delay: grammar('delay-time'),
  nothing: grammar(''),
  exit: grammar(''),
  quit: grammar(''),
  parse: grammar('code', { text: true }),
  execute: { ...grammar('script file as-string', { text: true }), positional: ['script'] },
  typeof: grammar('value'),
  tostr: grammar('value'),
  tonum: grammar('value'),
  tobool: grammar('value'),
  totime: grammar('value'),
  toarray: grammar('value'),
  toid: grammar('value'),
  toip: grammar('value'),
  len: grammar('value'),
  pick: grammar('value begin end'),
  find: grammar('value substring from'),
  timestamp: grammar(''),
  jobname: grammar(''),
  rndnum: grammar('from to'),
  beep: { parameters: null, positional: [] },
};

/** Whether a canonical path is that of a `:` command. */
export const isLanguageCommand = (path: string): boolean => Object.hasOwn(languageCommands, path.slice(1));
