import { runMain } from '@scheduled-scripts/platform';
import { eventRelay } from './event-relay.service.js';

await runMain(eventRelay);
