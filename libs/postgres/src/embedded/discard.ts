import { dataPlaces, removePlaced } from './placement.js';
import { endOrphan } from './orphan.js';

/**
 * Forgets a cluster: ends the server that a killed run has left on it and removes its folders. Throws while another run uses it.
 */
export const discardEmbeddedPostgres = async (dataDirectory: string): Promise<void> => {
  for (const data of dataPlaces(dataDirectory)) await endOrphan(data);
  removePlaced(dataDirectory);
};
