export { discardEmbeddedPostgres } from './discard.js';
export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './embedded-postgres.js';
export { removePlaced } from './placement.js';
