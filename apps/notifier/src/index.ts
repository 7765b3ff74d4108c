export { notifierEnvironment, type NotifierEnvironment } from './environment.js';
export { notifier } from './notifier.service.js';
