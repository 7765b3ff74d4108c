import type { Call } from './call.js';
import { after, quoted, shown, textOf, valueOf } from './showing.js';

type Wording = (value: string) => string;

/** In the order in which they read well. A leading `!` of the value has become "anything but". */
const conditions: readonly (readonly [string, Wording])[] = [
  ['connection-state', (value) => `with connection state ${value}`],
  ['protocol', (value) => `over ${value}`],
  ['src-address', (value) => `from ${value}`],
  ['src-address-list', (value) => `from ${of('the address list', value)}`],
  ['src-port', (value) => `from port ${value}`],
  ['in-interface', (value) => `arriving on ${value}`],
  ['in-interface-list', (value) => `arriving on ${of('the interface list', value)}`],
  ['out-interface', (value) => `leaving through ${value}`],
  ['out-interface-list', (value) => `leaving through ${of('the interface list', value)}`],
  ['dst-address', (value) => `to ${value}`],
  ['dst-address-list', (value) => `to ${of('the address list', value)}`],
  ['dst-port', (value) => `to port ${value}`],
];

function of(noun: string, value: string): string {
  const negated = value.startsWith('anything but ');
  const bare = negated ? value.slice('anything but '.length) : value;
  const named = after(noun, bare);
  return negated ? `anything but ${named}` : named;
}

const withoutBearing = new Set(
  `action chain comment disabled log log-prefix place-before jump-target to-addresses to-ports address-list address-list-timeout passthrough
   new-connection-mark new-packet-mark new-routing-mark new-mss reject-with numbers`.split(/\s+/),
);
const bareWords = new Set(['connection-state', 'protocol']);

function conditionsOf(call: Call): string {
  const told = conditions.flatMap(([name, wording]) => {
    const text = textOf(call, name);
    if (text === null) return call.parameters.has(name) ? [wording(valueOf(call, name) ?? '')] : [];
    const bare = text.replace(/^!/, '');
    const value = bareWords.has(name) && /^[\w,-]{1,60}$/.test(bare) ? bare : shown(bare);
    const words = wording(text.startsWith('!') ? `anything but ${value}` : value);
    // "to 203.0.113.10 port 443"
    return [name === 'dst-port' && isPlainDestination(call) ? words.replace(/^to port/, 'port') : words];
  });
  const named = new Set(conditions.map(([name]) => name));
  const further = [...call.parameters.keys()].some((name) => !named.has(name) && !withoutBearing.has(name));
  return [...told, ...(further ? ['under further conditions'] : [])].map((condition) => ` ${condition}`).join('');
}

const isPlainDestination = (call: Call): boolean =>
  /^[^!]/.test(textOf(call, 'dst-address') ?? '') && !call.parameters.has('dst-address-list');

const subjects: Readonly<Record<string, string>> = {
  input: 'input',
  output: 'output',
  forward: 'forwarded traffic',
  srcnat: 'traffic',
  dstnat: 'traffic',
  prerouting: 'traffic before routing',
  postrouting: 'traffic after routing',
};

function subjectOf(call: Call): string {
  const chain = textOf(call, 'chain');
  if (chain === null) return call.parameters.has('chain') ? 'traffic of a computed chain' : 'traffic';
  return (Object.hasOwn(subjects, chain) ? subjects[chain] : null) ?? `traffic of the chain ${quoted(chain)}`;
}

/** What a firewall rule is there to do: "drop input from the address list …". */
export function purposeOf(call: Call): string {
  const traffic = `${subjectOf(call)}${conditionsOf(call)}`;
  const action = call.parameters.has('action') ? textOf(call, 'action') : 'accept';
  const target = [valueOf(call, 'to-addresses'), call.parameters.has('to-ports') ? `port ${valueOf(call, 'to-ports') ?? ''}` : null];
  const to = target.filter((part) => part !== null).join(' ');
  switch (action) {
    case null:
      return `apply a computed action to ${traffic}`;
    case 'accept':
    case 'drop':
    case 'reject':
    case 'log':
    case 'masquerade':
      return `${action} ${traffic}`;
    case 'tarpit':
      return `hold the connections of ${traffic}`;
    case 'fasttrack-connection':
      return `fast-track ${traffic}`;
    case 'passthrough':
      return `count ${traffic}`;
    case 'notrack':
      return `leave untracked ${traffic}`;
    case 'return':
      return `return ${traffic} to the calling chain`;
    case 'jump':
      return `send ${traffic} to the chain ${valueOf(call, 'jump-target') ?? 'given'}`;
    case 'dst-nat':
      return `forward ${traffic} on to ${to === '' ? 'another address' : to}`;
    case 'src-nat':
      return `let ${traffic} come from ${to === '' ? 'another address' : to}`;
    case 'netmap':
      return `translate ${traffic}, to ${to === '' ? 'other addresses' : to}`;
    case 'redirect':
      return `redirect ${traffic}, to ${to === '' ? 'the router itself' : to}`;
    case 'add-src-to-address-list':
      return `add the sources of ${traffic} to ${of('the address list', valueOf(call, 'address-list') ?? 'given')}`;
    case 'add-dst-to-address-list':
      return `add the destinations of ${traffic} to ${of('the address list', valueOf(call, 'address-list') ?? 'given')}`;
    case 'mark-connection':
      return `mark the connections of ${traffic} as ${valueOf(call, 'new-connection-mark') ?? 'given'}`;
    case 'mark-packet':
      return `mark the packets of ${traffic} as ${valueOf(call, 'new-packet-mark') ?? 'given'}`;
    case 'mark-routing':
      return `mark the routing of ${traffic} as ${valueOf(call, 'new-routing-mark') ?? 'given'}`;
    case 'change-mss':
      return `change the segment size of ${traffic}`;
    default:
      return `apply ${quoted(action)} to ${traffic}`;
  }
}

/** One word for counting rules of a kind. */
export function actionWord(call: Call): string {
  const action = call.parameters.has('action') ? textOf(call, 'action') : 'accept';
  return action !== null && /^[a-z-]{2,30}$/.test(action) ? action : 'other';
}
