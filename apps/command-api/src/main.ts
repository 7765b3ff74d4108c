import 'reflect-metadata';
import { runMain } from '@scheduled-scripts/platform';
import { commandApi } from './command-api.service.js';

await runMain(commandApi);
