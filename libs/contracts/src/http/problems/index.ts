import { accessProblems } from './access.problems.js';
import { requestProblems } from './request.problems.js';
import { scriptProblems } from './script.problems.js';
import { serviceProblems } from './service.problems.js';
import { siteProblems } from './site.problems.js';

export type { ProblemEntry } from './problem-entry.js';

/** Every code that a client may meet, whichever layer says it, with what it means and what to do about it. */
export const catalogue = { ...requestProblems, ...accessProblems, ...scriptProblems, ...siteProblems, ...serviceProblems };
