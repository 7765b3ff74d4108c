import { runMain } from '@scheduled-scripts/platform';
import { launcher } from './launcher.service.js';

await runMain(launcher);
