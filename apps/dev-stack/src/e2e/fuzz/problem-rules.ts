import type { Problem } from '@scheduled-scripts/client';
import { explanationOf, problem, problemCodes, type ProblemCode } from '@scheduled-scripts/contracts';

const isKnown = (code: string): code is ProblemCode => (problemCodes as readonly string[]).includes(code);

const isCode = (text: string): boolean => /^[a-z_]+$/.test(text);

/** However long what was sent is, what is told of it is short. */
const isShort = ({ message, param = '', errors = [] }: Problem): boolean =>
  message.length <= 1_000 && param.length <= 250 && errors.every((one) => one.param.length <= 250 && one.message.length <= 500);

/** What does not belong together in a problem, whatever was asked for, even if nothing is served there; or null. */
export const mismatch = (status: number, told: Problem): string | null => {
  const { type, code, message, doc_url: doc, errors = [] } = told;
  if (!isKnown(code)) return `the code ${code} is none of ours`;
  if (!explanationOf(code).statuses.includes(status)) return `the code ${code} does not belong to a ${status}`;
  const expected = problem(code).type;
  if (type !== expected) return `the type of ${code} is ${expected}, not ${type}`;
  if (!doc.endsWith(`#${code}`)) return `doc_url is that of something else: ${doc}`;
  if (message === '') return 'a problem without words';
  if (!errors.every((one) => isCode(one.code))) return `no code of a field: ${errors.map((one) => one.code).join()}`;
  return isShort(told) ? null : 'a problem that is as long as what was sent';
};
