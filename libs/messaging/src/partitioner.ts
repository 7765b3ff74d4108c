/** MurmurHash2 as Kafka's Java client computes it, on the UTF-8 bytes of a key. */
export const murmur2 = (data: Uint8Array): number => {
  const m = 0x5bd1e995;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const tail = data.length & ~3;
  let hash = 0x9747b28c ^ data.length;
  for (let at = 0; at < tail; at += 4) {
    let k = Math.imul(view.getInt32(at, true), m);
    k = Math.imul(k ^ (k >>> 24), m);
    hash = Math.imul(hash, m) ^ k;
  }
  if (tail < data.length) {
    for (let at = data.length - 1; at >= tail; at--) hash ^= view.getUint8(at) << ((at - tail) * 8);
    hash = Math.imul(hash, m);
  }
  hash = Math.imul(hash ^ (hash >>> 13), m);
  return hash ^ (hash >>> 15);
};

const utf8 = new TextEncoder();

/** The partition of a key, as Kafka's default partitioner chooses it: the same on every transport, so that one may follow another. */
export const partitionOf = (key: string, partitions: number): number => (murmur2(utf8.encode(key)) & 0x7fffffff) % partitions;
