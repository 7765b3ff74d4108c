import { DatabaseUnavailable } from '@scheduled-scripts/postgres';
import { MessagingUnavailable } from '../messaging.js';

/** Runs `work` and tells an outage in the port's own terms. */
export const orUnavailable = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DatabaseUnavailable) throw new MessagingUnavailable('the messages cannot be reached now', { cause: error });
    throw error;
  }
};
