export { CallFailed } from './grpc-call.js';
export { KurrentDouble, type Fault, type KurrentDoubleOptions } from './kurrent-double.js';
