import type { Call } from './call.js';
import type { Menu } from './menus.js';
import { withArticle } from './menus.js';
import { actionWord, purposeOf } from './rules.js';
import { isOn, listed, quoted, textOf, valueOf } from './showing.js';
import type { Step } from './step.js';
import { step } from './step.js';

const rulePath = /^(?:ip|ipv6) firewall (?:filter|nat|mangle|raw)$/;

export function additionOf(call: Call, path: string, menu: Menu): Step {
  const off = isOn(call, 'disabled') ? ' that is disabled' : '';
  if (rulePath.test(path)) return ruleAddition(call, menu, off);
  if (/^ip(?:v6)? firewall address-list$/.test(path)) return addressListEntry(call, off);
  if (menu.single) return step(`adds to ${menu.one}`);
  const weight = path === 'user' || path === 'user ssh-keys' ? 2 : 1;
  return step(`adds ${withArticle(menu.one)}${named(call, path, menu)}${off}`, weight, {
    key: `add ${path}`,
    together: (steps) => `adds ${steps.length} ${menu.many}`,
  });
}

function ruleAddition(call: Call, menu: Menu, off: string): Step {
  const purpose = `to ${purposeOf(call)}`;
  return step(`adds ${withArticle(menu.one)}${off} ${purpose}`, 1, {
    key: `add ${menu.one}`,
    purpose: `${purpose}${off.replace(' that is', '').replace(/disabled/, '(disabled)')}`,
    tally: actionWord(call),
    together: (steps) => {
      const rules = `adds ${steps.length} ${menu.many}`;
      if (steps.length <= 3) return `${rules}: ${listed(steps.map((one) => one.purpose ?? ''))}`;
      const counts = new Map<string, number>();
      for (const { tally = 'other' } of steps) counts.set(tally, (counts.get(tally) ?? 0) + 1);
      return `${rules} (${[...counts]
        .slice(0, 5)
        .map(([word, count]) => `${count} ${word}`)
        .join(', ')}${counts.size > 5 ? ', …' : ''})`;
    },
  });
}

function addressListEntry(call: Call, off: string): Step {
  const list = call.parameters.has('list') ? `the address list ${valueOf(call, 'list') ?? ''}` : 'an address list';
  const address = textOf(call, 'address') === null ? 'an address' : (valueOf(call, 'address') ?? '');
  return step(`adds ${address} to ${list}${off}`, 1, {
    key: `add to ${list}${off}`,
    together: (steps) => `adds ${steps.length} entries to ${list}${off}`,
  });
}

/** What tells this entry from others of its menu: a name, an address, a gateway. */
function named(call: Call, path: string, menu: Menu): string {
  const value = (parameter: string): string => valueOf(call, parameter) ?? '';
  const has = (parameter: string): boolean => call.parameters.has(parameter);
  const told = (parameter: string, before: string): string => (has(parameter) ? ` ${before} ${value(parameter)}` : '');
  const on = told('interface', 'on the interface');
  switch (path) {
    case 'ip address':
    case 'ipv6 address':
      return `${textOf(call, 'address') === null ? '' : ` ${value('address')}`}${on}`;
    case 'ip route':
    case 'ipv6 route': {
      const everywhere = !has('dst-address') || /^(?:0\.0\.0\.0|::)\/0$/.test(textOf(call, 'dst-address') ?? '');
      return ` to ${everywhere ? 'all addresses' : value('dst-address')}${told('gateway', 'through')}`;
    }
    case 'system scheduler': {
      const every = textOf(call, 'interval');
      const when =
        every !== null && !/^0s?$|^00:00:00$/.test(every) ? ` that runs every ${/^[\w:]{1,20}$/.test(every) ? every : quoted(every)}` : '';
      return `${ownName(call)}${when || (textOf(call, 'start-time') === 'startup' ? ' that runs at startup' : '')}`;
    }
    case 'user':
      return `${ownName(call)}${told('group', 'in the group')}`;
    case 'interface bridge port':
      return `${told('interface', 'for the interface')}${told('bridge', 'in the bridge')}`;
    case 'interface list member':
      return `${told('interface', 'for the interface')}${told('list', 'in the list')}`;
    case 'interface vlan':
      return `${ownName(call)}${told('vlan-id', 'with VLAN id')}${on}`;
    case 'ip dns static':
      return `${ownName(call)}${told('address', 'for')}`;
    case 'ip dhcp-client':
    case 'ip dhcp-server':
      return `${ownName(call)}${on}`;
    case 'ip dhcp-server network':
    case 'ip dhcp-server lease':
    case 'radius':
      return has('address') ? ` for ${value('address')}` : '';
    case 'tool netwatch':
      return has('host') ? ` ${value('host')}` : '';
    default:
      return menu.hideNames ? '' : ownName(call);
  }
}

function ownName(call: Call): string {
  const text = textOf(call, 'name');
  return text === null || text === '' ? '' : ` ${quoted(text)}`;
}
