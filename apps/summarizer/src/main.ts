import { runMain } from '@scheduled-scripts/platform';
import { summarizer } from './summarizer.service.js';

await runMain(summarizer);
