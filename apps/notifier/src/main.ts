import { runMain } from '@scheduled-scripts/platform';
import { notifier } from './notifier.service.js';

await runMain(notifier);
