export * from './router-session.js';
