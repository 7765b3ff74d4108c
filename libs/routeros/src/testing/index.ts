export { ClientGone, reply, type Asked, type ScriptedConnection } from './scripted-connection.js';
export { scriptedRouter, ScriptedRouter, type Script } from './scripted-router.js';
export { selfSigned, type SelfSigned } from './self-signed-certificate.js';
