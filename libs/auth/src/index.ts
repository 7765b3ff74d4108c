export { accessMetadata, Caller, Public, RequireScope } from './access.decorators.js';
export { authCodes, AuthError } from './auth.error.js';
export { AuthModule, type AuthOptions } from './auth.module.js';
export type { SigningAlgorithm } from './signing-keys.js';
