import { describe, expect, it } from '@jest/globals';
import { maskSecrets } from '../secrets/mask-secrets.js';
import { leavesOf } from '../syntax/nodes.js';
import { parseScript } from '../syntax/parser.js';
import { longChange, nightChanges } from '../testing/night-changes.js';
import { explainScript } from './explain-script.js';

/** As an engineer would put it to a colleague who has to approve. */
const inWords: Readonly<Record<keyof typeof nightChanges, string>> = {
  'one firewall rule': 'adds a firewall filter rule to drop input from the address list "blacklist".',
  'an exported firewall':
    'adds 2 entries to the address list "management". It then adds 5 firewall filter rules (3 accept, 2 drop). Finally, it adds a NAT rule to masquerade traffic leaving through the interface list "WAN" under further conditions.',
  'port forwarding':
    'adds 2 NAT rules: to forward traffic over tcp to 203.0.113.10 port 443 on to 192.168.10.20 port 8443 and to forward traffic over udp arriving on "ether1" to port 51820 on to 192.168.10.2.',
  queues: 'adds a queue type "pcq-down", 2 simple queues and a queue in the queue tree "voip".',
  'a nightly backup by scheduler':
    'adds a script "nightly-backup", which saves a backup to the file "nightly" and exports the configuration to the file "nightly" when it runs. It then adds a scheduler entry "nightly" that runs the script "nightly-backup" every day at 02:30.',
  netwatch:
    'adds a watched host 198.51.100.1, which enables certain routes when the host answers again, and disables certain routes when the host stops answering.',
  'a guest VLAN':
    'adds a VLAN interface "vlan50-guest" with VLAN id 50 on the interface "bridge1", an IP address 192.168.50.1/24 on the interface "vlan50-guest" and an address pool "pool-guest". It then adds a DHCP server "dhcp-guest" on the interface "vlan50-guest", a DHCP network for 192.168.50.0/24 and a firewall filter rule to drop forwarded traffic from 192.168.50.0/24 to 192.168.10.0/24.',
  'bridge VLAN filtering':
    'adds a bridge "bridge1", 3 bridge ports and 2 bridge VLANs, and turns vlan-filtering on for the bridge "bridge1".',
  'users and passwords':
    'adds a user group "noc" and 2 users, changes the password of the user "admin", and disables the users whose name is "old-admin".',
  certificates:
    'adds a certificate "ca-local", signs the certificate "ca-local", and adds a certificate "www". It then signs the certificate "www", enables the service "www-ssl" and changes its certificate, and disables the service "www".',
  'hardened services':
    'disables the services "telnet", "ftp" and "www", changes the port and address of the service "ssh", and disables the service "api". It then turns strong-crypto on for the SSH server, sets the allowed-interface-list of the MAC server to "none", and sets the discover-interface-list of neighbour discovery to anything but "dynamic".',
  'a loop over interfaces':
    'disables the Ethernet interface $i if $name is not "ether1", for each $i of the Ethernet interfaces that are enabled and not running.',
  'counted addresses': 'adds an IP address on a computed interface for each $n from 10 to 19.',
  functions:
    'defines the function "addToList", which adds $address to the address list $list if there is no such entry, and otherwise writes a message to the log. It then calls the function "addToList" 2 times.',
  'errors that are caught':
    'downloads a file from "config.example", and imports and runs the commands of the file "blocklist.rsc". It then sends an e-mail if that fails. Finally, it removes the files whose name is "blocklist.rsc".',
  'arrays and a while loop':
    'sets the DNS servers to $s if a condition holds, again and again while a condition holds. It then stops with an error if $ok is false.',
  'an upgrade':
    'sets the channel of the package update to "stable". It then saves a backup to the file "before-upgrade" and installs package updates and reboots the router if a condition holds.',
  wireguard:
    'adds a WireGuard interface "wg-hq", a WireGuard peer for the interface "wg-hq" at "vpn.example" for 10.100.0.0/16 and an IP address 10.100.0.2/24 on the interface "wg-hq". It then adds a route to 10.200.0.0/16 through 10.100.0.1.',
  'Wi-Fi':
    'adds a Wi-Fi security profile "guest" and a Wi-Fi configuration "guest", and enables the Wi-Fi interfaces whose default-name is "wifi1" and changes their configuration.',
  'dynamic routing': 'adds an OSPF instance "v2", an OSPF area "backbone", an OSPF interface template and a BGP connection "isp".',
  'a fail-over of routes':
    'adds 2 routes, removes the routes whose dst-address is 10.99.0.0/16, and adds a mangle rule to mark the routing of traffic before routing from the address list "isp2" as "via-isp2".',
  'Windows line ends':
    'sets the system identity to "Depot Süd", sets the time-zone-name of the clock to "Europe/Riga", and enables the NTP client. It then adds an NTP server, and changes the note and show-at-login of the login note.',
  'the end of everything':
    'saves a backup to the file "last", removes the users whose name is not "admin" and all firewall filter rules, and resets the configuration of the router.',
  'other ways to write':
    'adds a firewall filter rule to reject forwarded traffic from 10.0.0.0/8 to anything but 192.168.0.0/16 and renames the Ethernet interface number 0 to "wan". It then changes the name and comment of the Ethernet interfaces whose default-name is "ether2", removes the simple queues numbers 0, 1 and 2, and adds a logging rule.',
  'containers and MQTT':
    'changes the registry-url and tmpdir of the container settings, and adds a virtual Ethernet interface "veth1", a container variable "app", a container and an MQTT broker "hub".',
  'a reading': 'reads the interfaces, prints text, and reads the log entries. It then sets a variable and writes a message to the log.',
  'SNMP and logging':
    'changes the name and addresses of certain SNMP communities, enables the SNMP service and changes its contact, location and trap-community, and sets the remote of the logging action "remote" to 192.0.2.9. It then adds a logging rule.',
  mistakes: 'adds a firewall filter rule that could not be read and a firewall filter rule to drop input. Parts of it could not be read.',
};

const scripts = Object.entries(nightChanges);

describe('scripts as they are', () => {
  it.each(Object.entries(inWords))('in words: %s', (name, words) => {
    expect(explainScript(nightChanges[name as keyof typeof nightChanges])).toBe(`This script ${words}`);
  });

  it.each(scripts)('%s is read to the last byte', (_, script) => {
    const leaves = [...leavesOf(parseScript(script))];
    expect(leaves.map(({ text }) => text).join('')).toBe(script);
    expect(leaves.filter(({ kind }) => kind === 'unknown')).toEqual([]);
    expect(leaves.at(-1)?.endByte).toBe(new TextEncoder().encode(script).length);
  });

  it.each(scripts)('%s gives nobody a secret, and loses no command with them', (_, script) => {
    const masked = maskSecrets(script);
    expect(masked).not.toContain('hunter2');
    expect(masked).not.toContain('aHVudGVy');
    expect(explainScript(script)).not.toMatch(/hunter2|aHVudGVy/);
    expect(explainScript(masked).replaceAll('***', '')).toBe(explainScript(script).replaceAll('***', ''));
  });

  it('one as long as it may be has one sentence', () => {
    expect(longChange.length).toBeGreaterThan(55_000);
    expect(explainScript(longChange)).toBe('This script adds 1050 entries to the address list "blacklist".');
  });
});
