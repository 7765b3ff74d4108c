export * from './router-session.js';
export { connectRouter, createConnectRouter, type DriverSettings } from './node-routeros/connect-router.js';
