import type { Operation } from '../operations/index.js';
import { explanationOf, problem, problemCodes, type ProblemCode } from '../problem.js';
import { operationsOf } from './part.js';
import { ofNoClient, ofNoOperation, problemsOf } from './problem-codes.js';

// Of both APIs whichever is asked: `doc_url` is one address, and what stands in front of them may send it to either.
const answering = operationsOf('gateway').filter((operation) => problemsOf(operation).length > 0);

/** What may be answered with it; words where that is no list. */
const metBy = (code: ProblemCode): string | readonly Pick<Operation, 'method' | 'path' | 'summary'>[] => {
  if (ofNoOperation.includes(code)) return 'Any request, before anybody knows what it is for.';
  if (ofNoClient.includes(code)) return 'No operation that is asked as the API reference says.';
  const those = answering.filter((operation) => problemsOf(operation).some((one) => one.code === code));
  if (those.length === answering.length) return 'Any operation.';
  return those.map(({ method, path, summary }) => ({ method, path, summary }));
};

/** Every code of the contract, by status, for whoever has met it. Words in backticks are names. */
export const explainedProblems = () =>
  problemCodes
    .map((code) => ({ code, type: problem(code).type, ...explanationOf(code), metBy: metBy(code) }))
    .sort((one, other) => (one.statuses[0] ?? 0) - (other.statuses[0] ?? 0));
