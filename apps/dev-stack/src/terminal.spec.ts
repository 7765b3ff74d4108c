import { describe, expect, it } from '@jest/globals';
import { createTerminal } from './terminal.js';

const shown = (isTTY: boolean): { readonly terminal: ReturnType<typeof createTerminal>; readonly text: () => string } => {
  let text = '';
  const terminal = createTerminal({ isTTY, write: (chunk) => (text += chunk) !== '' });
  return { terminal, text: () => text };
};

const rollOut = ({ terminal }: ReturnType<typeof shown>): void => {
  terminal.step('launched');
  terminal.progress(0, 0, 12);
  terminal.progress(5, 1, 12);
  terminal.progress(5, 1, 12);
  terminal.progress(10, 2, 12);
  terminal.detail('router-01 completed');
  terminal.failure('not observed');
};

describe('the terminal', () => {
  it('draws a bar in place, and goes on below it', () => {
    const screen = shown(true);
    rollOut(screen);
    const inPlace = '\r\u001B[K';
    expect(screen.text()).toBe(
      [
        '* launched\n',
        `${inPlace}  [........................] 0/12: 0 completed, 0 failed`,
        `${inPlace}  [##########xx............] 6/12: 5 completed, 1 failed`,
        `${inPlace}  [####################xxxx] 12/12: 10 completed, 2 failed`,
        '\n    router-01 completed\n',
        '! not observed\n',
      ].join(''),
    );
  });

  it('writes a line for each change where nothing can be drawn', () => {
    const file = shown(false);
    rollOut(file);
    expect(file.text().split('\n').slice(1, 4)).toEqual([
      '  [........................] 0/12: 0 completed, 0 failed',
      '  [##########xx............] 6/12: 5 completed, 1 failed',
      '  [####################xxxx] 12/12: 10 completed, 2 failed',
    ]);
    expect(file.text()).not.toContain('\r');
  });
});
