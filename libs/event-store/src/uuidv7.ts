import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const octetsEach = 16;
const pool = Buffer.alloc(256 * octetsEach);
let used = pool.length;
let millis = 0;
let sequence = 0;

/** A UUIDv7 that is greater than this process's last one. Randomness is drawn for many at a time: that is most of what one costs. */
export const uuidv7 = (): string => {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, (used += octetsEach));
  const now = Date.now();
  if (now > millis) {
    millis = now;
    // Half of what there is: nobody makes as many as the other half within a millisecond.
    sequence = random.readUInt32BE(6) >>> 1;
  } else {
    sequence += 1;
  }
  return v7({ random, msecs: millis, seq: sequence });
};
