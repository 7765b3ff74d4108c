import { formatDuration, parseDuration } from '../router/router-time.js';
import type { Device } from '../router/device.js';
import { invalidValue, noMatch } from './routeros-error.js';
import type { TableMenu } from './menu.js';

export const names = (text: string | undefined): string[] => (text === undefined || text === '' ? [] : text.split(' '));

const octet = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const addressPattern = new RegExp(`^!?(?:${octet}\\.){3}${octet}(?:/(?:3[0-2]|[12]?\\d))?$`);
const rangePattern = new RegExp(`^!?(?:${octet}\\.){3}${octet}(?:-(?:${octet}\\.){3}${octet})?$`);
const ipv6Pattern = /^!?[0-9a-f]*:[0-9a-f:.]*(?:\/\d{1,3})?$/i;
const yes = new Set(['yes', 'true']);
const no = new Set(['no', 'false']);

/** Brings what was typed into the form that RouterOS stores and shows, or refuses it as RouterOS does. */
export const normalise = (menu: TableMenu, name: string, value: string, device: Device): string => {
  if (names(menu.flags).includes(name)) {
    if (yes.has(value)) return 'true';
    if (no.has(value)) return 'false';
    throw noMatch(name);
  }
  if (names(menu.times).includes(name)) {
    const time = parseDuration(value, true);
    if (time === null) throw invalidValue(name);
    return formatDuration(time);
  }
  const choices = menu.choices?.[name];
  if (choices && !choices.includes(value.replace(/^!/, ''))) throw noMatch(name);
  if (names(menu.addresses).includes(name) && value !== '') {
    if (!addressPattern.test(value) && !rangePattern.test(value) && !ipv6Pattern.test(value)) throw invalidValue(name);
  }
  if (names(menu.interfaces).includes(name)) {
    const wanted = value.replace(/^!/, '');
    const known = device.store.rows('/interface').some((row) => row.fields['name'] === wanted);
    if (wanted !== '' && !known) throw noMatch(name);
  }
  return value;
};
