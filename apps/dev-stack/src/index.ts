export type { Connection } from './stack/connection.js';
export { reset } from './reset.js';
export { clusterMain } from './cluster/cluster.main.js';
