import type { RouterVersion } from '../router/router-version.js';
import { configurationMenus } from './catalogue.js';
import { backupMenu, fileMenu } from './file-menus.js';
import { MenuTree } from './menu-tree.js';
import type { TableMenu } from './menu.js';
import { schedulerTable } from './scheduler-menu.js';
import { scriptMenus, scriptTable } from './script-menus.js';
import { rootMenu, systemMenus } from './system-menus.js';
import { tableMenu } from './table-menu.js';
import { serviceTable, userGroupTable, userTable } from './user-menus.js';

const identityTable: TableMenu = { path: '/system/identity', single: { name: 'MikroTik' }, fields: 'name' };

const plainTables: readonly TableMenu[] = [...configurationMenus, identityTable, schedulerTable, userTable, userGroupTable, serviceTable];

/** Every menu that stores rows, in the order of an export. */
export const tables: readonly TableMenu[] = [...plainTables, scriptTable].sort((one, other) => (one.path < other.path ? -1 : 1));

const exported = tables.filter((table) => table.unexported !== true);

const known = new Map<string, MenuTree>();

/** What a router of this release has. */
export const menusOf = (version: RouterVersion): MenuTree => {
  const tree = known.get(version.text) ?? makeTree(version);
  known.set(version.text, tree);
  return tree;
};

const makeTree = (version: RouterVersion): MenuTree =>
  new MenuTree(
    [
      ...plainTables.map(tableMenu),
      ...scriptMenus,
      ...systemMenus,
      rootMenu(exported, version.executeOverApi),
      fileMenu(version.fileRead),
      backupMenu(exported),
    ],
    version,
  );
