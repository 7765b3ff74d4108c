export { launcher } from './launcher.service.js';
