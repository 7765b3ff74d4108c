export { projectorEnvironment, type ProjectorEnvironment } from './environment.js';
export { projector } from './projector.service.js';
