import { allPolicies } from '../menus/policies.js';
import { tables } from '../menus/menus.js';
import type { ConfigStore } from './config-store.js';
import type { DeviceProfile } from './device-profile.js';

const ports = { api: '8728', 'api-ssl': '8729', ftp: '21', ssh: '22', telnet: '23', winbox: '8291', www: '80', 'www-ssl': '443' } as const;
const closed = new Set(['ftp', 'telnet', 'www', 'www-ssl']);

const group = (...without: string[]): string => allPolicies.filter((name) => !without.includes(name)).join(',');

/** What is on a router that was just unpacked and given its user. Does nothing to one that has a configuration. */
export const factoryConfiguration = (store: ConfigStore, profile: DeviceProfile): void => {
  if (store.rows('/system/identity').length > 0) return;
  for (const table of tables) if (table.single) store.insert(table.path, table.single);
  const [identity] = store.rows('/system/identity');
  if (identity) store.update('/system/identity', identity.id, { name: profile.identity });
  for (const name of ['ether1', 'ether2', 'ether3', 'ether4', 'ether5', 'sfp-sfpplus1']) {
    store.insert('/interface', { name, type: 'ether', mtu: '1500', disabled: 'false' });
  }
  for (const [name, port] of Object.entries(ports)) {
    store.insert('/ip/service', { name, port, address: '', disabled: String(closed.has(name)), 'max-sessions': '20' });
  }
  store.insert('/user/group', { name: 'read', policy: group('ftp', 'write', 'policy'), skin: 'default' });
  store.insert('/user/group', { name: 'write', policy: group('ftp', 'policy'), skin: 'default' });
  store.insert('/user/group', { name: 'full', policy: group(), skin: 'default' });
  store.insert('/user', { name: profile.username, group: 'full', password: profile.password, address: '', disabled: 'false' });
  store.insert('/ip/address', { address: '192.168.88.1/24', interface: 'ether1', disabled: 'false', comment: 'defconf' });
  const input = { chain: 'input', disabled: 'false', log: 'false', 'log-prefix': '' };
  store.insert('/ip/firewall/filter', {
    ...input,
    action: 'accept',
    'connection-state': 'established,related',
    comment: 'defconf: accept established,related',
  });
  store.insert('/ip/firewall/filter', { ...input, action: 'drop', 'connection-state': 'invalid', comment: 'defconf: drop invalid' });
};
