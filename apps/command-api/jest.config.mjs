import preset, { withPostgres } from '../../jest.preset.mjs';

// Suites start the whole service.
export default { ...preset, ...withPostgres, displayName: 'command-api', testTimeout: 30_000 };
