import { runMain } from '@scheduled-scripts/platform';
import { queryApi } from './query-api.service.js';

await runMain(queryApi);
