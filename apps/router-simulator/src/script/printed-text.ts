import type { PrintedRow } from '../menus/menu-call.js';

const shown = (value: string): string => (/^[\w.:/,*-]+$/.test(value) ? value : `"${value}"`);

/** Roughly what a console prints; no program should read it. */
export const printedText = (rows: readonly PrintedRow[]): string =>
  rows
    .map((row, index) => {
      const properties = Object.entries(row).filter(([name]) => name !== '.id');
      const text = properties.map(([name, value]) => `${name}=${shown(value)}`).join(' ');
      return '.id' in row ? `${String(index).padStart(2)}   ${text}` : text;
    })
    .join('\r\n');
