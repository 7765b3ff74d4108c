import { languageCommands, type CommandGrammar, type CommandTree } from '../script/command-grammar.js';
import type { RouterVersion } from '../router/router-version.js';
import type { Command, Menu } from './menu.js';

/** The first release that has it, for `:` commands that not all have. */
const sinceRelease: Readonly<Record<string, readonly [number, number]>> = {
  onerror: [7, 13],
  jobname: [7, 12],
  retry: [7, 1],
  timestamp: [7, 1],
  exit: [7, 22],
};

const flags = ['count-only', 'as-value', 'detail', 'terse', 'brief', 'without-paging', 'stats', 'value-list'];

/** The menus of one release, for sessions and for reading scripts. */
export class MenuTree implements CommandTree {
  private readonly menus = new Map<string, Menu>();
  private readonly children = new Map<string, Set<string>>();

  constructor(
    menus: readonly Menu[],
    private readonly version: RouterVersion,
  ) {
    for (const menu of menus) {
      this.menus.set(menu.path, menu);
      const words = menu.path.split('/').slice(1);
      for (let depth = 0; depth < words.length; depth += 1) {
        const parent = words
          .slice(0, depth)
          .map((word) => `/${word}`)
          .join('');
        const siblings = this.children.get(parent) ?? new Set();
        this.children.set(parent, siblings.add(words[depth] ?? ''));
      }
    }
  }

  get slashPaths(): boolean {
    return this.version.slashPaths;
  }

  hasLanguageCommand(name: string): boolean {
    const [major, minor] = sinceRelease[name] ?? [0, 0];
    return Object.hasOwn(languageCommands, name) && this.version.atLeast(major, minor);
  }

  menu(path: string): Menu | null {
    return this.menus.get(path) ?? null;
  }

  isMenu(path: string): boolean {
    return this.menus.has(path) || this.children.has(path);
  }

  command(path: string): Command | null {
    const cut = path.lastIndexOf('/');
    const commands = this.menus.get(path.slice(0, cut))?.commands;
    const name = path.slice(cut + 1);
    return commands && Object.hasOwn(commands, name) ? (commands[name] ?? null) : null;
  }

  resolve(menu: string, word: string): { readonly kind: 'menu' | 'command'; readonly path: string } | null {
    const menus = [...(this.children.get(menu) ?? [])];
    const commands = Object.keys(this.menus.get(menu)?.commands ?? {});
    if (menus.includes(word)) return { kind: 'menu', path: `${menu}/${word}` };
    if (commands.includes(word)) return { kind: 'command', path: `${menu}/${word}` };
    const longer = [...new Set([...menus, ...commands])].filter((name) => name.startsWith(word));
    const [only] = longer;
    if (only === undefined || longer.length > 1) return null;
    return { kind: menus.includes(only) ? 'menu' : 'command', path: `${menu}/${only}` };
  }

  grammar(path: string): CommandGrammar {
    const command = this.command(path);
    const parameters = command?.parameters ?? null;
    return {
      parameters: parameters && new Set([...parameters, ...(command?.conditions === 'where' ? flags : [])]),
      positional: command?.positional ?? [],
      ...(command?.conditions && { conditions: command.conditions }),
    };
  }
}
