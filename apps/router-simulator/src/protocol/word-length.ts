/** Word lengths, network byte order, 1 to 5 bytes: the count of leading one bits says how many bytes follow. */
export const encodeLength = (length: number): Buffer => {
  if (length < 0x80) return Buffer.from([length]);
  if (length < 0x4000) return Buffer.from([(length >> 8) | 0x80, length & 0xff]);
  if (length < 0x20_0000) return Buffer.from([(length >> 16) | 0xc0, (length >> 8) & 0xff, length & 0xff]);
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(length);
  if (length >= 0x1000_0000) return Buffer.concat([Buffer.from([0xf0]), bytes]);
  bytes[0] = (bytes[0] ?? 0) | 0xe0;
  return bytes;
};

export type DecodedLength = { readonly length: number; readonly bytes: number } | 'incomplete' | 'reserved';

/** Reads the length that starts at `offset`. First bytes from 0xF8 on are reserved control bytes. */
export const decodeLength = (buffer: Buffer, offset: number): DecodedLength => {
  const first = buffer[offset];
  if (first === undefined) return 'incomplete';
  if (first >= 0xf8) return 'reserved';
  const bytes = first < 0x80 ? 1 : first < 0xc0 ? 2 : first < 0xe0 ? 3 : first < 0xf0 ? 4 : 5;
  if (buffer.length < offset + bytes) return 'incomplete';
  if (bytes === 5) return { length: buffer.readUInt32BE(offset + 1), bytes };
  const raw = buffer.readUIntBE(offset, bytes);
  const payloadBits = 7 * bytes;
  return { length: raw % 2 ** payloadBits, bytes };
};
