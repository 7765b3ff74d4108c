/** The other side does not speak the API: whatever it says next cannot be understood, so its connection has to go. */
export class ProtocolViolation extends Error {
  override readonly name = 'ProtocolViolation';
}

export interface WordLength {
  readonly value: number;
  /** How many bytes the length itself took, 1 to 5. */
  readonly size: number;
}

/** What marks a length of so many bytes, as the value that its first byte adds. Five bytes: 0xF0, then the bare length. */
const MARK = { 1: 0, 2: 0x8000, 3: 0xc00000, 4: 0xe0000000 } as const;

/** Lengths travel in the shortest of five forms, most significant byte first. */
export function encodeLength(length: number): Buffer {
  if (!Number.isInteger(length) || length < 0 || length > 0xffffffff) throw new RangeError(`a word cannot be ${length} bytes long`);
  if (length >= 0x10000000) {
    const bytes = Buffer.from([0xf0, 0, 0, 0, 0]);
    bytes.writeUInt32BE(length, 1);
    return bytes;
  }
  const size = length < 0x80 ? 1 : length < 0x4000 ? 2 : length < 0x200000 ? 3 : 4;
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(MARK[size] + length, 0, size);
  return bytes;
}

/** The length at `at`, or null while some of its bytes are still missing. Longer forms than needed are accepted. */
export function decodeLength(bytes: Buffer, at: number): WordLength | null {
  const first = bytes[at];
  if (first === undefined) return null;
  if (first > 0xf0) throw new ProtocolViolation(`a word begins with the reserved byte 0x${first.toString(16)}`);
  const size = first < 0x80 ? 1 : first < 0xc0 ? 2 : first < 0xe0 ? 3 : first < 0xf0 ? 4 : 5;
  if (bytes.length - at < size) return null;
  return { size, value: size === 5 ? bytes.readUInt32BE(at + 1) : bytes.readUIntBE(at, size) - MARK[size] };
}
