import { operations, type Operation } from '../operations/index.js';

/** What a document is about: one service, or both behind one address. */
export type Part = 'command-api' | 'query-api' | 'gateway';

export const operationsOf = (part: Part): readonly Operation[] =>
  operations.filter(({ servedBy, isOfProcess }) => (part === 'gateway' ? isOfProcess !== true : servedBy === part || servedBy === 'each'));
