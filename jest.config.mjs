export default {
  projects: ['<rootDir>/apps/*', '<rootDir>/libs/*', '<rootDir>/tools'],
  workerIdleMemoryLimit: '700MB',
  // A busy machine of two cores is slow, not wrong. (Of a run over several projects only this one counts.)
  testTimeout: 30_000,
};
