export { commandApi } from './command-api.service.js';
