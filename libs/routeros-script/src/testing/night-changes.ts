const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

/** Scripts as network teams write them, by what they are about. None is anybody's; addresses are those for documentation. */
export const nightChanges = {
  'one firewall rule': '/ip firewall filter add action=drop chain=input src-address-list=blacklist',

  'an exported firewall': String.raw`# 2026-03-01 02:00:00 by RouterOS 7.18.2
# software id = ABCD-1234
/ip firewall address-list
add address=192.0.2.0/24 comment="Head office" list=management
add address=198.51.100.7 comment="Monitoring" list=management
/ip firewall filter
add action=accept chain=input comment="defconf: accept established,related,untracked" connection-state=\
    established,related,untracked
add action=drop chain=input comment="defconf: drop invalid" connection-state=invalid
add action=accept chain=input comment="defconf: accept ICMP" protocol=icmp
add action=accept chain=input dst-port=22,8291 protocol=tcp src-address-list=management
add action=drop chain=input comment="defconf: drop all not coming from LAN" in-interface-list=!LAN
/ip firewall nat
add action=masquerade chain=srcnat comment="defconf: masquerade" ipsec-policy=out,none out-interface-list=WAN`,

  'port forwarding': String.raw`/ip firewall nat
add chain=dstnat action=dst-nat protocol=tcp dst-address=203.0.113.10 dst-port=443 to-addresses=192.168.10.20 to-ports=8443 comment="Web shop"
add chain=dstnat action=dst-nat protocol=udp dst-port=51820 in-interface=ether1 to-addresses=192.168.10.2`,

  queues: String.raw`/queue type add name=pcq-down kind=pcq pcq-classifier=dst-address
/queue simple
add name=guest-limit target=192.168.50.0/24 max-limit=10M/50M
add name=office target=192.168.10.0/24 max-limit=100M/500M priority=2/2
/queue tree add name=voip parent=global packet-mark=voip priority=1 max-limit=5M`,

  'a nightly backup by scheduler': String.raw`/system script
add name=nightly-backup policy=ftp,read,write,policy,test source="/system backup save name=nightly dont-encrypt=yes\r\
    \n/export file=nightly\r\
    \n:log info \"backup done\""
/system scheduler
add interval=1d name=nightly on-event=nightly-backup policy=ftp,read,write,policy,test start-date=2026-03-01 start-time=02:30:00`,

  netwatch: String.raw`/tool netwatch
add host=198.51.100.1 interval=30s timeout=2s down-script="/ip route disable [find comment=\"primary\"]" up-script="/ip route enable [find comment=\"primary\"]"`,

  'a guest VLAN': String.raw`# Guests get a network of their own
/interface vlan add interface=bridge1 name=vlan50-guest vlan-id=50
/ip address add address=192.168.50.1/24 interface=vlan50-guest
/ip pool add name=pool-guest ranges=192.168.50.10-192.168.50.250
/ip dhcp-server add address-pool=pool-guest interface=vlan50-guest name=dhcp-guest
/ip dhcp-server network add address=192.168.50.0/24 dns-server=1.1.1.1 gateway=192.168.50.1
/ip firewall filter add chain=forward action=drop src-address=192.168.50.0/24 dst-address=192.168.10.0/24 comment="guests stay out"`,

  'bridge VLAN filtering': String.raw`/interface bridge
add name=bridge1 protocol-mode=rstp vlan-filtering=no
/interface bridge port
add bridge=bridge1 interface=ether2 pvid=10
add bridge=bridge1 interface=ether3 pvid=10
add bridge=bridge1 interface=sfp1
/interface bridge vlan
add bridge=bridge1 tagged=bridge1,sfp1 untagged=ether2,ether3 vlan-ids=10
add bridge=bridge1 tagged=bridge1,sfp1 vlan-ids=20
/interface bridge set bridge1 vlan-filtering=yes`,

  'users and passwords': String.raw`/user group add name=noc policy=read,test,winbox,web,api
/user add name=noc1 group=noc password="hunter2-noc1" address=192.0.2.0/24
/user add name=noc2 group=noc password="hunter2-noc2"
/user set admin password="hunter2-admin"
/user disable [find name=old-admin]`,

  certificates: String.raw`/certificate add name=ca-local common-name=ca.example key-size=4096 key-usage=key-cert-sign,crl-sign days-valid=3650
/certificate sign ca-local
/certificate add name=www common-name=router.example
/certificate sign www ca=ca-local
/ip service set www-ssl certificate=www disabled=no
/ip service set www disabled=yes`,

  'hardened services': String.raw`/ip service
disable telnet,ftp,www
set ssh port=2222 address=192.0.2.0/24
set api disabled=yes
/ip ssh set strong-crypto=yes
/tool mac-server set allowed-interface-list=none
/ip neighbor discovery-settings set discover-interface-list=!dynamic`,

  'a loop over interfaces': String.raw`:foreach i in=[/interface ethernet find where running=no and disabled=no] do={
  :local name [/interface ethernet get $i name]
  :if ($name != "ether1") do={
    :log warning "switching $name off"
    /interface ethernet disable $i
  }
}`,

  'counted addresses': String.raw`:for n from=10 to=19 do={
  /ip address add address=("10.20." . $n . ".1/24") interface=("vlan" . $n) comment="site network $n"
}`,

  functions: String.raw`# Puts an address on a list unless it is there
:global addToList do={
  :if ([:len [/ip firewall address-list find where list=$list and address=$address]] = 0) do={
    /ip firewall address-list add list=$list address=$address timeout=1d
  } else={
    :log info "$address is on $list already"
  }
}
$addToList list=blacklist address=198.51.100.66
$addToList list=blacklist address=198.51.100.67`,

  'errors that are caught': String.raw`:do {
  /tool fetch url="https://config.example/blocklist.rsc" dst-path=blocklist.rsc mode=https check-certificate=yes
  /import file-name=blocklist.rsc
} on-error={
  :log error "the block list could not be fetched"
  /tool e-mail send to="noc@example.com" subject="block list" body="failed on $[/system identity get name]"
}
/file remove [find name=blocklist.rsc]`,

  'arrays and a while loop': String.raw`:local servers {"1.1.1.1";"9.9.9.9";"8.8.8.8"}
:local cfg {name="dns"; tries=3}
:local i 0
:local ok false
:while (($i < [:len $servers]) and !$ok) do={
  :local s ($servers->$i)
  :if ([/ping $s count=3] > 0) do={ /ip dns set servers=$s; :set ok true }
  :set i ($i + 1)
}
:if (!$ok) do={ :error "no server answers" }`,

  'an upgrade': String.raw`/system package update set channel=stable
/system package update check-for-updates once
:delay 5s
:if ([/system package update get installed-version] != [/system package update get latest-version]) do={
  /system backup save name=before-upgrade
  /system package update install
}`,

  wireguard: String.raw`/interface wireguard add name=wg-hq listen-port=51820 private-key="aHVudGVyMi1wcml2YXRlLWtleQ=="
/interface wireguard peers add interface=wg-hq public-key="cHVibGljLWtleQ==" preshared-key="aHVudGVyMi1wc2s=" endpoint-address=vpn.example endpoint-port=51820 allowed-address=10.100.0.0/16 persistent-keepalive=25s
/ip address add address=10.100.0.2/24 interface=wg-hq
/ip route add dst-address=10.200.0.0/16 gateway=10.100.0.1`,

  'Wi-Fi': String.raw`/interface wifi security add name=guest authentication-types=wpa2-psk,wpa3-psk passphrase="hunter2 guests"
/interface wifi configuration add name=guest ssid="Guests" security=guest country=Latvia
/interface wifi set [find default-name=wifi1] configuration=guest disabled=no`,

  'dynamic routing': String.raw`/routing ospf instance add name=v2 version=2 router-id=10.0.0.1
/routing ospf area add name=backbone instance=v2
/routing ospf interface-template add area=backbone interfaces=ether2 networks=10.0.0.0/30 cost=10
/routing bgp connection add name=isp remote.address=203.0.113.1 remote.as=64500 as=64501 local.role=ebgp`,

  'a fail-over of routes': String.raw`/ip route
add dst-address=0.0.0.0/0 gateway=203.0.113.1 distance=1 check-gateway=ping comment=primary
add dst-address=0.0.0.0/0 gateway=198.51.100.1 distance=10 comment=backup
remove [find where dst-address=10.99.0.0/16]
/ip firewall mangle add chain=prerouting action=mark-routing new-routing-mark=via-isp2 src-address-list=isp2 passthrough=no`,

  'Windows line ends': crlf(String.raw`/system identity set name="Depot Süd"
/system clock set time-zone-name=Europe/Riga
/system ntp client set enabled=yes
/system ntp client servers add address=pool.ntp.org
/system note set note="Änderung №7 – только чтение 🚧" show-at-login=yes`),

  'the end of everything': String.raw`/system backup save name=last
/user remove [find name!="admin"]
/ip firewall filter remove [find]
/system reset-configuration no-defaults=yes skip-backup=yes`,

  'other ways to write': String.raw`/ip firewall filter
add chain=forward src-address=10.0.0.0/8 \
    dst-address=!192.168.0.0/16 action=reject reject-with=icmp-network-unreachable
/interface ethernet set 0 name=wan
/interface ethernet set [ find default-name=ether2 ] name=lan comment="\C3\A9tage"
/queue simple remove 0,1,2
/system logging add topics=firewall action=memory`,

  'containers and MQTT': String.raw`/container config set registry-url=https://registry.example tmpdir=disk1/tmp
/interface veth add name=veth1 address=172.17.0.2/24 gateway=172.17.0.1
/container envs add name=app key=API_TOKEN value=hunter2
/container add remote-image=example/probe:1.4 interface=veth1 envlist=app start-on-boot=yes
/iot mqtt brokers add name=hub address=mqtt.example port=8883 ssl=yes username=probe password=hunter2`,

  'a reading': String.raw`/interface print stats
:put [/system resource get uptime]
/log print where topics~"error"
:local v [/system package get routeros version]
:log info "version $v"`,

  'SNMP and logging': String.raw`/snmp community set [find default=yes] name=hunter2-community addresses=192.0.2.0/24
/snmp set enabled=yes contact="noc@example.com" location="Rack 4" trap-community=hunter2-community
/system logging action set remote remote=192.0.2.9
/system logging add action=remote topics=info,!debug`,

  mistakes: String.raw`/ip firewall filter add chain input action drop
/ip firewall filter add chain=input action=drop comment="unfinished
/ip address add address=10.0.0.1/24 interface=ether1`,
} as const satisfies Readonly<Record<string, string>>;

/** About as long as a script may be. */
export const longChange = [
  '/ip firewall address-list',
  ...Array.from({ length: 1_050 }, (_, index) => `add list=blacklist address=198.51.${index >> 8}.${index & 255} comment="line ${index}"`),
].join('\n');
