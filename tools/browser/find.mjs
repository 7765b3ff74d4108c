// Where a Chromium is: CHROME_PATH, or the first of the usual names on PATH. Nothing is ever fetched.
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const isProgram = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

/** @returns {{ available: true, path: string } | { available: false, reason: string }} */
export const findBrowser = ({ CHROME_PATH: chosen, PATH: path = '' } = process.env) => {
  // What was named and is not there is a mistake to hear of, no reason to take another.
  if (chosen)
    return isProgram(chosen) ? { available: true, path: chosen } : { available: false, reason: `CHROME_PATH: no program ${chosen}` };
  for (const folder of path.split(delimiter)) {
    const found = names.map((name) => join(folder, name)).find(isProgram);
    if (folder && found) return { available: true, path: found };
  }
  return { available: false, reason: 'no Chromium was found: install one, or let CHROME_PATH name it' };
};
