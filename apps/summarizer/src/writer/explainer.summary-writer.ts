import { explainScript } from '@scheduled-scripts/routeros-script';
import { maximumSummaryCharacters, type SummaryWriter } from './summary-writer.js';

/** Reads the script itself and asks nobody: it can always write. */
export const explainer: SummaryWriter = {
  name: 'explainer',
  write: (script) => Promise.resolve(explainScript(script, { maxLength: maximumSummaryCharacters })),
};
