/** What Nest injects the times of streams by. */
export const STREAM_TIMES = Symbol('times of streams');
