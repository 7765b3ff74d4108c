export default {
  projects: ['<rootDir>/apps/*', '<rootDir>/libs/*', '<rootDir>/tools'],
  // Suites mostly wait for servers and clocks: two at a time also where jest would take one.
  maxWorkers: 2,
  workerIdleMemoryLimit: '700MB',
  // A busy machine of two cores is slow, not wrong. (Of a run over several projects only this one counts.)
  testTimeout: 30_000,
};
