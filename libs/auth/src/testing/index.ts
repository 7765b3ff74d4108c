export { byEc, Forge, jwkOf, seconds, type ForgeOptions, type Forgery, type Json } from './forge.js';
export { forgedTokens } from './forged-tokens.js';
export { startListener, type Listener } from './listener.js';
export { issuerAilments, startScriptedIssuer, type IssuerMood, type ScriptedIssuer } from './scripted-issuer.js';
