import preset from '../../jest.preset.mjs';

export default {
  ...preset,
  globalSetup: '<rootDir>/../../tools/jest/kafka.setup.mjs',
  globalTeardown: '<rootDir>/../../tools/jest/kafka.teardown.mjs',
  displayName: 'messaging',
};
