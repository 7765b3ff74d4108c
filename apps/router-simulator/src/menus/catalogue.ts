import { firewallMenus } from './firewall-menus.js';
import type { TableMenu } from './menu.js';

const named = (path: string, fields: string, more: Partial<TableMenu> = {}): TableMenu => ({
  path,
  fields: `name comment disabled ${fields}`,
  flags: 'disabled',
  defaults: { disabled: 'false' },
  required: 'name',
  key: 'name',
  ...more,
});

const single = (path: string, defaults: Readonly<Record<string, string>>, more: Partial<TableMenu> = {}): TableMenu => ({
  path,
  single: defaults,
  fields: Object.keys(defaults).join(' '),
  ...more,
});

const networkOf = (address: string): string => {
  const [host = '', bits = '32'] = address.split('/');
  const size = 2 ** (32 - Number(bits));
  const value = host.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const network = Math.floor(value / size) * size;
  return [24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join('.');
};

/** Ordinary configuration: rows that are stored, printed, exported, and mean nothing to the simulator. */
export const configurationMenus: readonly TableMenu[] = [
  named('/interface', 'type mtu mac-address', {
    fixed: true,
    unexported: true,
    show: (fields) => ({ running: String(fields['disabled'] !== 'true') }),
  }),
  named('/interface/ethernet', 'default-name mtu mac-address arp advertise speed auto-negotiation', { fixed: true, unexported: true }),
  named('/interface/bridge', 'protocol-mode vlan-filtering priority mtu arp auto-mac admin-mac fast-forward igmp-snooping pvid'),
  named('/interface/vlan', 'interface vlan-id mtu arp', { required: 'name interface vlan-id', interfaces: 'interface' }),
  named('/interface/list', 'include exclude'),
  {
    path: '/interface/list/member',
    fields: 'interface list comment disabled',
    flags: 'disabled',
    defaults: { disabled: 'false' },
    required: 'interface list',
    interfaces: 'interface',
  },
  {
    path: '/ip/address',
    fields: 'address network interface comment disabled',
    flags: 'disabled',
    defaults: { disabled: 'false' },
    required: 'address interface',
    addresses: 'address network',
    interfaces: 'interface',
    key: 'address',
    duplicate: 'already have such address',
    show: (fields) => ({
      network: fields['network'] ?? networkOf(fields['address'] ?? ''),
      'actual-interface': fields['interface'] ?? '',
      invalid: 'false',
      dynamic: 'false',
    }),
  },
  {
    path: '/ip/route',
    fields: 'dst-address gateway distance comment disabled routing-table scope target-scope check-gateway pref-src blackhole type',
    flags: 'disabled blackhole',
    defaults: { 'dst-address': '0.0.0.0/0', distance: '1', disabled: 'false' },
    addresses: 'dst-address pref-src',
    show: (fields) => ({ active: String(fields['disabled'] !== 'true'), static: 'true', dynamic: 'false' }),
  },
  ...firewallMenus,
  named('/ip/pool', 'ranges next-pool', { required: 'name ranges' }),
  named('/ip/dhcp-server', 'interface address-pool lease-time authoritative', { required: 'name interface', interfaces: 'interface' }),
  {
    path: '/ip/dhcp-client',
    fields: 'interface add-default-route use-peer-dns use-peer-ntp default-route-distance comment disabled',
    flags: 'disabled use-peer-dns use-peer-ntp',
    defaults: { disabled: 'false' },
    required: 'interface',
    interfaces: 'interface',
  },
  {
    path: '/ip/dns/static',
    fields: 'name address type cname ttl regexp text comment disabled',
    flags: 'disabled',
    times: 'ttl',
    defaults: { disabled: 'false', ttl: '1d' },
    show: () => ({ dynamic: 'false' }),
  },
  single('/ip/dns', { servers: '', 'allow-remote-requests': 'false', 'cache-size': '2048' }, { flags: 'allow-remote-requests' }),
  single('/system/ntp/client', { enabled: 'false', mode: 'unicast', servers: '' }, { flags: 'enabled' }),
  single('/snmp', { enabled: 'false', contact: '', location: '', 'trap-version': '1' }, { flags: 'enabled' }),
  single('/system/note', { note: '', 'show-at-login': 'true' }, { flags: 'show-at-login' }),
  named('/ppp/profile', 'local-address remote-address dns-server rate-limit only-one'),
  named('/ppp/secret', 'password service profile local-address remote-address caller-id', { secret: 'password' }),
  named('/queue/simple', 'target max-limit limit-at burst-limit burst-threshold burst-time parent priority queue', { ordered: true }),
  named('/tool/netwatch', 'host interval timeout type up-script down-script', { required: 'host', key: 'host', times: 'interval timeout' }),
  {
    path: '/system/logging',
    fields: 'topics action prefix regex comment disabled',
    flags: 'disabled',
    defaults: { disabled: 'false', action: 'memory', prefix: '' },
  },
];
