import { formatDateTime } from '../router/router-time.js';
import type { TableMenu } from './menu.js';
import { failure } from './routeros-error.js';

const filterActions = [
  'accept',
  'drop',
  'reject',
  'jump',
  'return',
  'log',
  'passthrough',
  'fasttrack-connection',
  'tarpit',
  'add-src-to-address-list',
  'add-dst-to-address-list',
];
const natActions = [
  'accept',
  'dst-nat',
  'src-nat',
  'masquerade',
  'redirect',
  'netmap',
  'same',
  'jump',
  'return',
  'log',
  'passthrough',
  'add-src-to-address-list',
  'add-dst-to-address-list',
];
const protocols = [
  'tcp',
  'udp',
  'icmp',
  'icmpv6',
  'igmp',
  'gre',
  'ospf',
  'ipsec-esp',
  'ipsec-ah',
  'ipencap',
  'ipip',
  'vrrp',
  'pim',
  'l2tp',
  'sctp',
];

const matchers =
  'chain action comment disabled src-address dst-address src-address-list dst-address-list protocol src-port dst-port port any-port ' +
  'in-interface out-interface in-interface-list out-interface-list connection-state connection-mark connection-nat-state ' +
  'connection-limit connection-rate connection-type connection-bytes packet-mark routing-mark routing-table limit dst-limit ' +
  'icmp-options tcp-flags tcp-mss src-mac-address src-address-type dst-address-type content layer7-protocol time ttl dscp ' +
  'hotspot random nth psd fragment ipv4-options ipsec-policy jump-target log log-prefix address-list address-list-timeout ' +
  'in-bridge-port out-bridge-port packet-size priority ingress-priority tls-host';

const rules = (path: string, more: string, actions: readonly string[]): TableMenu => ({
  path,
  fields: `${matchers} ${more}`,
  flags: 'disabled log',
  defaults: { action: 'accept', disabled: 'false', log: 'false', 'log-prefix': '' },
  required: 'chain',
  choices: { action: actions, protocol: protocols },
  addresses: 'src-address dst-address',
  interfaces: 'in-interface out-interface',
  ordered: true,
  show: () => ({ bytes: '0', packets: '0', invalid: 'false', dynamic: 'false' }),
});

export const firewallMenus: readonly TableMenu[] = [
  rules('/ip/firewall/filter', 'reject-with', filterActions),
  rules('/ip/firewall/nat', 'to-addresses to-ports randomise-ports same-not-by-dst', natActions),
  rules('/ip/firewall/mangle', 'new-connection-mark new-packet-mark new-routing-mark new-mss new-dscp new-ttl new-priority', [
    ...filterActions,
    'mark-connection',
    'mark-packet',
    'mark-routing',
    'change-mss',
    'change-dscp',
    'change-ttl',
    'set-priority',
  ]),
  rules('/ip/firewall/raw', '', [...filterActions, 'notrack']),
  {
    path: '/ip/firewall/address-list',
    fields: 'list address timeout comment disabled dynamic creation-time',
    flags: 'disabled',
    times: 'timeout',
    defaults: { disabled: 'false' },
    required: 'list address',
    check: (fields, _caller, device) => {
      const others = device.store.rows('/ip/firewall/address-list');
      const isNew = fields['creation-time'] === undefined;
      const twin = others.some((row) => row.fields['list'] === fields['list'] && row.fields['address'] === fields['address']);
      if (isNew && twin) throw failure('already have such entry');
      fields['creation-time'] ??= formatDateTime(device.clock(), device.version.isoDates);
    },
    show: () => ({ dynamic: 'false' }),
  },
];
