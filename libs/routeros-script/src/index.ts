export type { Branch, BranchKind, Leaf, LeafKind, ScriptNode, Span, SyntaxNode } from './syntax/nodes.js';
export { isBranch, leavesOf } from './syntax/nodes.js';
export { MAX_NESTING, parseScript } from './syntax/parser.js';
export type { ExplainOptions } from './explain/explain-script.js';
export { explainScript, gravestOf } from './explain/explain-script.js';
export { maskSecrets } from './secrets/mask-secrets.js';
