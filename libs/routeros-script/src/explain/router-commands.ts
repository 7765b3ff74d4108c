import type { Call } from './call.js';
import { literalOf } from './call.js';
import { quoted, shown, textOf } from './showing.js';
import type { Step } from './step.js';
import { step } from './step.js';

/** Commands that are about the router, its files or the net, not about entries of a menu. */
export function routerCommand(call: Call, path: string): Step | null {
  switch (`${path} ${call.verb ?? ''}`.trim()) {
    case 'system reboot':
      return step('reboots the router', 2);
    case 'system shutdown':
      return step('shuts the router down', 2);
    case 'system reset-configuration':
      return step('resets the configuration of the router', 2);
    case 'system backup save':
      return step(`saves a backup${file(call, 'name', 'to')}`);
    case 'system backup load':
      return step(`restores a backup${file(call, 'name', 'from')}`, 2);
    case 'export':
      return step(`exports the configuration${file(call, 'file', 'to')}`);
    case 'import':
      return step(`imports and runs the commands of ${file(call, 'file-name', '').trim() || 'a file'}`, 2);
    case 'tool fetch':
      return fetching(call);
    case 'system script run':
      return step(`runs the script${firstText(call)}`, 2);
    case 'system package update install':
      return step('installs package updates and reboots the router', 2);
    case 'system package update download':
      return step('downloads package updates');
    case 'system package update check-for-updates':
      return step('checks for package updates', 0);
    case 'system routerboard upgrade':
      return step('upgrades the board firmware', 2);
    case 'ip dns cache flush':
      return step('flushes the DNS cache');
    case 'tool e-mail send':
      return step('sends an e-mail');
    case 'tool sms send':
      return step('sends a text message');
    case 'password':
      return step('changes the password of the current user', 2);
    case 'ping':
    case 'tool ping':
      return step(`pings ${pinged(call)}`, 0);
    case 'log info':
    case 'log warning':
    case 'log error':
    case 'log debug':
      return step('writes a message to the log', 0);
    case 'ip dhcp-client renew':
      return step('renews a DHCP lease');
    case 'ip dhcp-client release':
      return step('releases a DHCP lease', 2);
    case 'certificate sign':
      return step(`signs the certificate${firstText(call)}`, 1, {
        key: 'certificate sign',
        together: (steps) => `signs ${steps.length} certificates`,
      });
    case 'certificate import':
      return step('imports a certificate');
    default:
      return null;
  }
}

function pinged(call: Call): string {
  const host = textOf(call, 'address') ?? literalOf(call.operands[0]);
  return host === null || host === '' ? 'a host' : shown(host);
}

function firstText(call: Call): string {
  const text = literalOf(call.operands[0]);
  return text === null || text === '' ? '' : ` ${quoted(text)}`;
}

function file(call: Call, parameter: string, preposition: string): string {
  const text = textOf(call, parameter) ?? literalOf(call.operands[0]);
  return text === null || text === '' ? '' : ` ${preposition} the file ${quoted(text)}`.replace('  ', ' ');
}

/** The host alone: the rest of an address may carry credentials. */
function fetching(call: Call): Step {
  const host = /^[a-z]+:\/\/(?:[^/?#]*@)?([A-Za-z0-9.-]{1,80})(?:[:/?#]|$)/.exec(textOf(call, 'url') ?? '')?.[1];
  const sends = call.parameters.has('http-data') || textOf(call, 'upload') === 'yes' || textOf(call, 'http-method') === 'post';
  if (sends) return step(`sends data to ${host ? quoted(host) : 'a server'}`, 2);
  return step(`downloads a file from ${host ? quoted(host) : 'a server'}`);
}
