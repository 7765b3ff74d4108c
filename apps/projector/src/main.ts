import { runMain } from '@scheduled-scripts/platform';
import { projector } from './projector.service.js';

await runMain(projector);
