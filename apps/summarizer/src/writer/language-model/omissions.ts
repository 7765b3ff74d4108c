import { gravestOf } from '@scheduled-scripts/routeros-script';

/** Words that say nothing of what happens. */
const empty = new Set(
  `about after again also and any are before certain changes computed condition configuration each entries entry everything from further
   holds list lists menu number numbers otherwise other others router routers script scripts some such that the their then there
   those value whose with text command commands settings setting`.split(/\s+/),
);

/** Enough of a word to find it again in another form. */
const stemOf = (word: string): string => word.slice(0, 5);

const wordsOf = (text: string): readonly string[] =>
  text
    .replaceAll(/"[^"]*"|\$\w+/g, ' ')
    .toLowerCase()
    .match(/[a-z]{3,}/g) ?? [];

/** What would show that a text mentions the clause: what it is about, or, where that is only the router, what is done. */
const tracesOf = (clause: string): readonly string[] => {
  const [verb = '', ...others] = wordsOf(clause);
  const nouns = others.filter((word) => !empty.has(word)).map(stemOf);
  return nouns.length > 0 ? nouns : [verb.slice(0, 4)];
};

/**
 * Whether a summary leaves out something that nobody must miss, as far as the explainer finds it. A script may talk a model into
 * silence; it cannot talk to the explainer.
 */
export const omits = (script: string, summary: string): boolean => {
  const said = summary.toLowerCase();
  return gravestOf(script).some((clause) => !tracesOf(clause).some((trace) => said.includes(trace)));
};
