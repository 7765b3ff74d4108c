export { summarizer } from './summarizer.service.js';
