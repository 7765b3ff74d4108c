import { runMain } from '@scheduled-scripts/platform';
import { deviceExecutor } from './device-executor.service.js';

await runMain(deviceExecutor);
