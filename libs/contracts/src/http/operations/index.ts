import { approvalPageOperations, authorizationOperations } from './authorization.operations.js';
import { executionOperations } from './executions.operations.js';
import type { Operation } from './operation.js';
import { scriptOperations } from './scripts.operations.js';
import { healthOperations, referenceOperations } from './service.operations.js';
import { siteOperations } from './sites.operations.js';

export type { Operation } from './operation.js';

/** Everything that can be asked of the two APIs, in the order of the document. */
export const operations: readonly Operation[] = [
  ...scriptOperations,
  ...authorizationOperations,
  ...approvalPageOperations,
  ...executionOperations,
  ...siteOperations,
  ...referenceOperations,
  ...healthOperations,
];
