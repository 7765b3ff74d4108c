import { describe, expect, it } from '@jest/globals';
import { omits } from './omissions.js';

const drop = '/ip firewall filter add action=drop chain=input src-address-list=blacklist';

describe('a summary', () => {
  it.each([
    [`${drop}\n/system reset-configuration`, 'This script adds a firewall rule for the router that drops a list.'],
    [`${drop}\n/system reboot`, 'This script adds a firewall rule that drops input from a list on the router.'],
    [`${drop}\n/system shutdown`, 'This script adds a firewall rule that drops input from a list.'],
    [`${drop}\n/user add name=bob group=full password=x`, 'This script adds a firewall rule that drops input from a list.'],
    [':if ($x = 1) do={ /ip service disable ssh }', 'This script checks a condition and then does a little.'],
    ['/system scheduler add name=a interval=1d on-event="/user remove admin"', 'This script adds a scheduler entry "a" for every day.'],
    [`${drop}\n/import file-name=more.rsc`, 'This script adds a firewall rule that drops input from a list.'],
  ])('that leaves out what matters: %j', (script, summary) => {
    expect(omits(script, summary)).toBe(true);
  });

  it.each([
    [drop, 'This script blocks a list.'],
    [`${drop}\n/system reset-configuration`, 'This script blocks a list and then resets the router.'],
    [`${drop}\n/system reboot`, 'This script blocks a list and reboots the router.'],
    ['/system shutdown', 'This script shuts the router down.'],
    ['/user add name=bob group=full password=x', 'This script creates the user "bob" with full rights.'],
    [':if ($x = 1) do={ /ip service disable ssh }', 'This script turns the SSH service off under a condition.'],
    ['/ip firewall filter remove [find]', 'This script deletes every rule of the firewall.'],
    ['/interface disable ether1', 'This script switches the interface ether1 off.'],
    ['/import file-name=more.rsc', 'This script runs the commands of the file more.rsc.'],
  ])('that says it in other words: %j', (script, summary) => {
    expect(omits(script, summary)).toBe(false);
  });
});
