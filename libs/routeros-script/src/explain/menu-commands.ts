import { additionOf } from './additions.js';
import type { Call } from './call.js';
import { isTellable, menuOf } from './menus.js';
import { routerCommand } from './router-commands.js';
import { settingOf } from './settings.js';
import type { Step, StepsOf } from './step.js';
import { step } from './step.js';
import { onTarget } from './targets.js';

/** What a command does to the entries of its menu; null if neither the menu nor the verb says enough. */
export function menuStep(call: Call, path: string, stepsOf: StepsOf): Step | null {
  const special = routerCommand(call, path);
  if (special) return special;
  if (!isTellable(path)) return null;
  const menu = menuOf(path);
  switch (call.verb) {
    case 'add':
      return additionOf(call, path, menu, stepsOf);
    case 'set':
    case 'edit':
    case 'unset':
      return settingOf(call, path, menu, stepsOf);
    case 'remove':
      return onTarget('removes', call, menu, 2);
    case 'enable':
      return onTarget('enables', call, menu, 1);
    case 'disable':
      return onTarget('disables', call, menu, 2);
    case 'move':
      return onTarget('moves', call, menu, 1);
    case 'comment':
      return onTarget('comments on', call, menu, 1);
    case 'reset':
    case 'reset-counters':
    case 'reset-counters-all':
      return step(`resets the counters of the ${menu.many.replace(/^the /, '')}`);
    case 'print':
    case 'get':
    case 'find':
    case 'monitor':
      return step(menu.single ? `reads ${menu.one}` : `reads the ${menu.many}`, 0);
    case 'export':
      return step(`exports the configuration of ${menu.single ? menu.one : `the ${menu.many}`}`, 0);
    default:
      return null;
  }
}
