// What needs neither packages nor a build: to say how something is used.
import { readFileSync } from 'node:fs';

/** Ends with the text of `file`, where help was asked for. */
export const answerHelp = (file) => {
  if (!process.argv.slice(2).some((argument) => argument === '--help' || argument === '-h')) return;
  process.stdout.write(readFileSync(file, 'utf8'));
  process.exit(0);
};
