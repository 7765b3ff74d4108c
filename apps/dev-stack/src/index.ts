export * from './stack/connection.js';
