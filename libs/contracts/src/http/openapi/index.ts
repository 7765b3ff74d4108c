export { operations, type Answer, type Content, type Operation } from '../operations/index.js';
export { requestHeaders } from '../operations/parameters.js';
export { openApiDocument, operationsOf, type Part } from './document.js';
