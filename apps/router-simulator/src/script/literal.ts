import { parseDuration } from '../router/router-time.js';

/** A time in milliseconds. */
export class Duration {
  constructor(readonly milliseconds: number) {}
}

/** An internal id such as `*1F`. */
export class ItemId {
  constructor(readonly text: string) {}
}

/** A value that a script spells out. `undefined` is RouterOS's "nothing". Strings hold one byte per character. */
export type Literal = string | number | boolean | undefined | Duration | ItemId;

/** What a bare word, or a property that was read, stands for. */
export const fromWord = (word: string): Literal => {
  if (word === 'yes' || word === 'true') return true;
  if (word === 'no' || word === 'false') return false;
  if (/^-?\d+$/.test(word)) return Number(word);
  if (/^0x[0-9a-f]+$/i.test(word)) return Number.parseInt(word, 16);
  if (/^\*[0-9A-Fa-f]+$/.test(word)) return new ItemId(word);
  const time = parseDuration(word);
  return time === null ? word : new Duration(time);
};
