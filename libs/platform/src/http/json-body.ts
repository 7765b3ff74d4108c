import { ApiError } from '../api-error.js';
import { malformedJson } from './problem.js';

const maxDepth = 32;
const maxKeys = 1_000;
const forbidden = new Set(['__proto__', 'constructor', 'prototype']);
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses a body more strictly than `JSON.parse`: a key that occurs twice (which of the two did the approver see?), a key that
 * reaches for a prototype, bytes that are no UTF-8, deep nesting and more keys than anybody has fields are all malformed. `undefined`
 * for an empty body.
 */
export function parseJsonBody(body: Uint8Array): unknown {
  if (body.byteLength === 0) return undefined;
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw new ApiError(malformedJson('it is not UTF-8'));
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ApiError(malformedJson('its syntax is wrong'));
  }
  checkKeys(text);
  return value;
}

/** Walks over text that is known to be valid JSON. */
function checkKeys(text: string): void {
  // One entry a level: the keys of an object, or null for an array.
  const levels: (Set<string> | null)[] = [];
  let keys = 0;
  let keyExpected = false;
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '{':
      case '[':
        levels.push(text[at] === '{' ? new Set() : null);
        if (levels.length > maxDepth) throw new ApiError(malformedJson('it is nested too deeply'));
        keyExpected = text[at] === '{';
        break;
      case '}':
      case ']':
        levels.pop();
        keyExpected = false;
        break;
      case ',':
        keyExpected = levels.at(-1) != null;
        break;
      case '"': {
        const end = endOfString(text, at);
        if (keyExpected) {
          keys += 1;
          if (keys > maxKeys) throw new ApiError(malformedJson('it has too many keys'));
          addKey(text.slice(at, end + 1), levels.at(-1));
        }
        keyExpected = false;
        at = end;
        break;
      }
      default:
    }
  }
}

function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text[at - 1 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

function addKey(quoted: string, keys: Set<string> | null | undefined): void {
  const key: unknown = quoted.includes('\\') ? JSON.parse(quoted) : quoted.slice(1, -1);
  if (typeof key !== 'string') return;
  if (forbidden.has(key)) throw new ApiError(malformedJson('it has a key that is not allowed'));
  if (keys?.has(key) === true) throw new ApiError(malformedJson('a key occurs twice in one object'));
  keys?.add(key);
}
