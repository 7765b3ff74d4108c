import { ItemId } from './literal.js';
import { ScriptError } from './script-error.js';
import { ArrayValue, toBoolean, toDuration, toNumber, toText, typeName, type Value } from './values.js';

type Further = (argument: string) => Promise<Value>;

const length = (value: Value): number => {
  if (value instanceof ArrayValue) return value.entries.length;
  return toText(value).length;
};

const pick = async (value: Value, further: Further): Promise<Value> => {
  const begin = toNumber(await further('begin')) ?? 0;
  const end = toNumber(await further('end')) ?? begin + 1;
  if (value instanceof ArrayValue) {
    if ((await further('end')) === undefined) return value.entries[begin]?.value;
    return new ArrayValue(value.entries.slice(begin, end));
  }
  return toText(value).slice(begin, end);
};

const find = async (value: Value, further: Further): Promise<Value> => {
  const wanted = await further('substring');
  const from = (toNumber(await further('from')) ?? -1) + 1;
  if (value instanceof ArrayValue) {
    const index = value.entries.findIndex((entry, place) => place >= from && toText(entry.value) === toText(wanted));
    return index < 0 ? undefined : index;
  }
  const index = toText(value).indexOf(toText(wanted), from);
  return index < 0 ? undefined : index;
};

const toArray = (value: Value): ArrayValue => {
  if (value instanceof ArrayValue) return value;
  const text = toText(value);
  return text === '' ? new ArrayValue() : ArrayValue.of(text.split(/[,;]/).map((part) => part.trim()));
};

const randomFrom = async (further: Further): Promise<number> => {
  const from = toNumber(await further('from')) ?? 0;
  const to = toNumber(await further('to')) ?? 0;
  return from + Math.floor(Math.random() * (to - from + 1));
};

/** The commands that turn one value into another: `:tostr`, `:len`, `:pick`, … */
export const convert = async (name: string, value: Value, further: Further): Promise<Value> => {
  switch (name) {
    case 'tostr':
      return toText(value);
    case 'tonum':
      return toNumber(value) ?? undefined;
    case 'tobool':
      return toBoolean(value) ?? undefined;
    case 'totime':
      return toDuration(value) ?? undefined;
    case 'toarray':
      return toArray(value);
    case 'toid':
      return new ItemId(toText(value));
    case 'toip':
      return /^\d+\.\d+\.\d+\.\d+$/.test(toText(value)) ? toText(value) : undefined;
    case 'typeof':
      return typeName(value);
    case 'len':
      return length(value);
    case 'pick':
      return pick(value, further);
    case 'find':
      return find(value, further);
    case 'rndnum':
      return randomFrom(further);
    default:
      throw new ScriptError(`bad command name ${name}`);
  }
};
