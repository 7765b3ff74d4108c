import { scheduledScripts, type ScheduledScripts } from '@scheduled-scripts/event-store';
import { openSiteDirectory, parseKeyRing } from '@scheduled-scripts/site-directory';
import { Scripts } from '../scheduled-scripts/scripts.js';
import type { TestApi } from './command-api.fixture.js';

/** The scripts of the running service, with no HTTP before them; kept by `over` where that is not as it is. */
export const scriptsOf = ({ database, store }: TestApi, over: Partial<ScheduledScripts> = {}): Scripts => {
  const keyRing = parseKeyRing(`k1:${Buffer.alloc(32, 1).toString('base64')}`);
  const sites = openSiteDirectory({ database, keyRing, allowLoopback: false });
  return new Scripts({ repository: { ...scheduledScripts(store), ...over }, sites, now: Date.now });
};
