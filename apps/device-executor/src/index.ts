export { deviceExecutor } from './device-executor.service.js';
