export { queryApiEnvironment, type QueryApiEnvironment } from './environment.js';
export { queryApi } from './query-api.service.js';
