export interface Menu {
  readonly one: string;
  readonly many: string;
  /** One thing with settings, not a list of entries. */
  readonly single: boolean;
  /** Its names are secrets themselves, as those of SNMP communities are. */
  readonly hideNames: boolean;
  /** The path of a menu that no vocabulary covers. */
  readonly unknown?: string;
}

const lists = `
ip firewall filter = firewall filter rule
ip firewall nat = NAT rule
ip firewall mangle = mangle rule
ip firewall raw = raw firewall rule
ip firewall address-list = address list entry / address list entries
ip firewall layer7-protocol = layer 7 pattern
ip firewall service-port = firewall service port
ip firewall connection = tracked connection
ipv6 firewall filter = IPv6 firewall filter rule
ipv6 firewall nat = IPv6 NAT rule
ipv6 firewall mangle = IPv6 mangle rule
ipv6 firewall raw = IPv6 raw firewall rule
ipv6 firewall address-list = IPv6 address list entry / IPv6 address list entries
ip address = IP address / IP addresses
ipv6 address = IPv6 address / IPv6 addresses
ip route = route
ip route rule = routing rule
routing rule = routing rule
routing table = routing table
ipv6 route = IPv6 route
ip pool = address pool
ip service = service
ip arp = ARP entry / ARP entries
ip neighbor = neighbour
ip dns static = static DNS entry / static DNS entries
ip dhcp-client = DHCP client
ip dhcp-server = DHCP server
ip dhcp-server lease = DHCP lease
ip dhcp-server network = DHCP network
ip hotspot user = hotspot user
ip ipsec peer = IPsec peer
ip ipsec policy = IPsec policy / IPsec policies
ip ipsec identity = IPsec identity / IPsec identities
user = user
user group = user group
user ssh-keys = SSH key
system scheduler = scheduler entry / scheduler entries
system script = script
system logging = logging rule
system logging action = logging action
system package = package
interface = interface
interface ethernet = Ethernet interface
interface bridge = bridge
interface bridge port = bridge port
interface bridge vlan = bridge VLAN
interface vlan = VLAN interface
interface bonding = bonding interface
interface list = interface list
interface list member = interface list member
interface wireguard = WireGuard interface
interface wireguard peers = WireGuard peer
interface wireless = wireless interface
interface wireless security-profiles = wireless security profile
interface wifi = Wi-Fi interface
interface wifi security = Wi-Fi security profile
interface wifi configuration = Wi-Fi configuration
interface wifi channel = Wi-Fi channel
interface veth = virtual Ethernet interface
interface vrrp = VRRP interface
interface pppoe-client = PPPoE client
interface l2tp-client = L2TP client
interface gre = GRE tunnel
interface eoip = EoIP tunnel
routing ospf instance = OSPF instance
routing ospf area = OSPF area
routing ospf interface-template = OSPF interface template
routing bgp connection = BGP connection
routing bgp template = BGP template
routing filter rule = routing filter rule
ppp secret = PPP user
ppp profile = PPP profile
queue simple = simple queue
queue tree = queue in the queue tree / queues in the queue tree
queue type = queue type
radius = RADIUS server
tool netwatch = watched host
certificate = certificate
container = container
container envs = container variable
container mounts = container mount
system ntp client servers = NTP server
iot mqtt brokers = MQTT broker
file = file
snmp community = SNMP community / SNMP communities !
log = log entry / log entries
`;

const singles = `
system identity = the system identity
system clock = the clock
system ntp client = the NTP client
system ntp server = the NTP server
system note = the login note
system routerboard = the board firmware
system routerboard settings = the board settings
system package update = the package update
system watchdog = the watchdog
system resource = the system resources
system health = the health readings
system license = the licence
system leds = the LEDs
system device-mode = the device mode
system backup = the backup
ip dns = the DNS settings
ip dns cache = the DNS cache
ip settings = the IP settings
ipv6 settings = the IPv6 settings
ip cloud = the cloud service
ip ssh = the SSH server
ip proxy = the web proxy
ip upnp = the UPnP service
ip firewall connection tracking = connection tracking
ip neighbor discovery-settings = neighbour discovery
ip dhcp-server config = the DHCP server settings
interface bridge settings = the bridge settings
snmp = the SNMP service
tool mac-server = the MAC server
tool mac-server mac-winbox = WinBox access by MAC address
tool bandwidth-server = the bandwidth test server
tool e-mail = the e-mail settings
tool romon = the RoMON settings
tool sniffer = the packet sniffer
tool graphing = the graphs
container config = the container settings
system watchdog = the watchdog
certificate settings = the certificate settings
`;

const menus: ReadonlyMap<string, Menu> = new Map([
  ...lists.trim().split('\n').map(listMenu),
  ...singles.trim().split('\n').map(singleMenu),
]);

/** Paths that lead to a known menu without being one, such as `ip firewall`. */
const ways: ReadonlySet<string> = new Set(
  [...menus.keys()].flatMap((path) => path.split(' ').map((_, index, all) => all.slice(0, index).join(' '))),
);

/** Whether a path may be told as it is. */
export const isTellable = (path: string): boolean => /^[a-z0-9][a-z0-9 .-]{0,80}$/.test(path);

/** Also for a menu that no vocabulary covers. */
export const menuOf = (path: string): Menu =>
  menus.get(path) ?? {
    one: `entry of the menu "/${path}"`,
    many: `entries of the menu "/${path}"`,
    single: false,
    hideNames: false,
    unknown: path,
  };

export const isKnownPath = (path: string): boolean => menus.has(path) || ways.has(path);

function listMenu(line: string): [string, Menu] {
  const [path = '', nouns = ''] = line.split(' = ');
  const [one = '', many = `${one}s`] = nouns.replace(' !', '').split(' / ');
  return [path, { one, many, single: false, hideNames: nouns.endsWith('!') }];
}

function singleMenu(line: string): [string, Menu] {
  const [path = '', one = ''] = line.split(' = ');
  return [path, { one, many: one, single: true, hideNames: false }];
}

/** Letters spoken one by one begin with a vowel more often than they look. */
export const withArticle = (noun: string): string =>
  `${/^(?:[aeio]|(?:SSH|SNMP|L2TP|ARP|IP|E|OSPF|NTP|MQTT))/.test(noun) ? 'an' : 'a'} ${noun}`;
