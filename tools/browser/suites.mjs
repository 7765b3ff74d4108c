import { describeWhere } from '../jest/describe-where.mjs';
import { findBrowser } from './find.mjs';

/** `describe` for suites that need a browser: where there is none they are skipped aloud, in CI they fail. */
export const describeWithBrowser = describeWhere('a browser', findBrowser);
