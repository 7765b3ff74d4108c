// npm run reset: forgets the data of `npm start`.
import { install, build, requireNode } from './prepare.mjs';

requireNode();
await install();
await build();
const { reset } = await import('../apps/dev-stack/dist/index.js');
await reset();
