// What every project's jest.config.mjs extends. ES modules all the way: run jest through `npm run jest`.
export default {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@scheduled-scripts/source', 'node', 'node-addons'] },
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        module: { type: 'es6' },
        sourceMaps: 'inline',
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
          keepClassNames: true,
        },
      },
    ],
  },
};

/** For projects whose suites need a Postgres: the run starts one. Needs a build, since it runs outside of jest's transform. */
export const withPostgres = {
  globalSetup: '<rootDir>/../../tools/jest/postgres.setup.mjs',
  globalTeardown: '<rootDir>/../../tools/jest/postgres.teardown.mjs',
};
