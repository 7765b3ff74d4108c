export { operations, type Operation } from '../operations/index.js';
export { openApiDocument } from './document.js';
export { explainedProblems } from './explained-problems.js';
export { operationsOf, type Part } from './part.js';
