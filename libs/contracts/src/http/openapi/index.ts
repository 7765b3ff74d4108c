export { operations, type Operation } from '../operations/index.js';
export { openApiDocument, operationsOf, type Part } from './document.js';
export { explainedProblems } from './explained-problems.js';
