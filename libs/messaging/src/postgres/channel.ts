/** Notified after each publish. One for all topics: who wakes asks for all its partitions at once anyway. */
export const newsChannel = 'messaging';
