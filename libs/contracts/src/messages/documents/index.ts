export { type GoldenMessage } from './async-api.js';
export { judgeContract, schemasOfToday, type Contract, type Judgement } from './contract.js';
export { outdatedFiles, readContract, type Committed } from './contract-folder.js';
