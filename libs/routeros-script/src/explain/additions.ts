import type { Call } from './call.js';
import type { Menu } from './menus.js';
import { withArticle } from './menus.js';
import { actionWord, purposeOf } from './rules.js';
import { after, isOn, listed, quoted, textOf, valueOf } from './showing.js';
import { embedded } from './embedded.js';
import { intervalOf } from './intervals.js';
import type { Step, StepsOf } from './step.js';
import { step } from './step.js';

const rulePath = /^(?:ip|ipv6) firewall (?:filter|nat|mangle|raw)$/;

export function additionOf(call: Call, path: string, menu: Menu, stepsOf: StepsOf): Step {
  const off = isOn(call, 'disabled') ? ' that is disabled' : '';
  if (rulePath.test(path)) return ruleAddition(call, menu, off);
  if (/^ip(?:v6)? firewall address-list$/.test(path)) return addressListEntry(call, off);
  if (menu.single) return step(`adds to ${menu.one}`);
  const inner = embedded(call, path, stepsOf);
  const weight = path === 'user' || path === 'user ssh-keys' || inner?.weight === 2 ? 2 : 1;
  const schedule = path === 'system scheduler' ? ` that ${[inner?.phrase ?? 'runs', whenOf(call)].join(' ')}` : '';
  const which = inner && schedule === '' ? `, which ${inner.phrase}` : '';
  const entry =
    menu.unknown === undefined
      ? `${withArticle(menu.one)}${named(call, path, menu)}`
      : `${ownName(call).trim() || 'an entry'} to the menu "/${menu.unknown}"`;
  return step(`adds ${entry}${schedule}${off}${which}`, weight, {
    key: `add ${path}`,
    ...(inner ? { graves: inner.graves } : {}),
    together: (steps) => `adds ${steps.length} ${menu.many}`,
  });
}

function ruleAddition(call: Call, menu: Menu, off: string): Step {
  // What stands there without a name is a mistake: what the rule would do without it is not what was meant.
  if (call.operands.length > 0) {
    const many = (steps: readonly Step[]): string => `adds ${steps.length} ${menu.many} that could not be read`;
    return step(`adds ${withArticle(menu.one)} that could not be read`, 2, { together: many });
  }
  const purpose = `to ${purposeOf(call)}`;
  return step(`adds ${withArticle(menu.one)}${off} ${purpose}`, 1, {
    key: `add ${menu.one}`,
    purpose: `${purpose}${off === '' ? '' : ' (disabled)'}`,
    tally: actionWord(call),
    together: (steps) => {
      const rules = `adds ${steps.length} ${menu.many}`;
      if (steps.length <= 3) return `${rules}: ${listed(steps.map((one) => one.purpose ?? ''))}`;
      const counts = new Map<string, number>();
      for (const { tally = 'other' } of steps) counts.set(tally, (counts.get(tally) ?? 0) + 1);
      const most = [...counts].slice(0, 5).map(([word, count]) => `${count} ${word}`);
      return `${rules} (${most.join(', ')}${counts.size > 5 ? ', …' : ''})`;
    },
  });
}

function addressListEntry(call: Call, off: string): Step {
  const list = call.parameters.has('list') ? after('the address list', valueOf(call, 'list') ?? '') : 'an address list';
  const given = valueOf(call, 'address') ?? 'an address';
  const address = given === 'a computed value' ? 'a computed address' : given;
  return step(`adds ${address} to ${list}${off}`, 1, {
    key: `add to ${list}${off}`,
    together: (steps) => `adds ${steps.length} entries to ${list}${off}`,
  });
}

function whenOf(call: Call): string {
  const every = intervalOf(textOf(call, 'interval'));
  const start = textOf(call, 'start-time') ?? '';
  if (start === 'startup') return every === null ? 'at startup' : `at startup and then ${every}`;
  const at = /^\d\d:\d\d:\d\d$/.test(start) ? ` at ${start.replace(/:00$/, '')}` : '';
  return `${every ?? 'once'}${at}`;
}

/** What tells this entry from others of its menu: a name, an address, a gateway. */
function named(call: Call, path: string, menu: Menu): string {
  const value = (parameter: string): string => valueOf(call, parameter) ?? '';
  const has = (parameter: string): boolean => call.parameters.has(parameter);
  const told = (parameter: string, before: string): string => (has(parameter) ? ` ${after(before, value(parameter))}` : '');
  const on = told('interface', 'on the interface');
  switch (path) {
    case 'ip address':
    case 'ipv6 address':
      return `${has('address') && value('address') !== 'a computed value' ? ` ${value('address')}` : ''}${on}`;
    case 'ip route':
    case 'ipv6 route': {
      const everywhere = !has('dst-address') || /^(?:0\.0\.0\.0|::)\/0$/.test(textOf(call, 'dst-address') ?? '');
      return ` to ${everywhere ? 'all addresses' : value('dst-address')}${told('gateway', 'through')}`;
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
    case 'interface wireguard peers':
      return `${ownName(call)}${told('interface', 'for the interface')}${told('endpoint-address', 'at')}${told('allowed-address', 'for')}`;
    case 'queue simple':
      return `${ownName(call)}${told('target', 'for')}${told('max-limit', 'with a limit of')}`;
    default:
      return menu.hideNames ? '' : ownName(call);
  }
}

function ownName(call: Call): string {
  const text = textOf(call, 'name');
  return text === null || text === '' ? '' : ` ${quoted(text)}`;
}
