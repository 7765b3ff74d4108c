export { operations, type Operation } from '../operations/index.js';
export { openApiDocument, operationsOf, type Part } from './document.js';
