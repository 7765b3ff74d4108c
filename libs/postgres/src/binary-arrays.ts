/**
 * Arrays as parameters in the binary form of Postgres. In its text form the driver escapes every quote of a JSON text, only for the
 * server to take the escapes away again: that is a third of what a large append costs.
 */
const binaryArray = (elementType: number, sizes: readonly number[], write: (to: Buffer, at: number, index: number) => void): Buffer => {
  // One dimension, no NULLs, the type of the elements, their number, the index of the first.
  const head = [1, 0, elementType, sizes.length, 1];
  const array = Buffer.allocUnsafe(sizes.reduce((total, size) => total + 4 + size, 4 * head.length));
  let at = 0;
  const writeInt = (value: number): void => {
    at = array.writeInt32BE(value, at);
  };
  head.forEach(writeInt);
  for (const [index, size] of sizes.entries()) {
    writeInt(size);
    write(array, at, index);
    at += size;
  }
  return array;
};

const arrayOfTexts =
  (elementType: number) =>
  (texts: readonly string[]): Buffer =>
    binaryArray(
      elementType,
      texts.map((text) => Buffer.byteLength(text)),
      (to, at, index) => to.write(texts[index] ?? '', at),
    );

export const textArray = arrayOfTexts(25);
export const jsonArray = arrayOfTexts(114);

export const intArray = (values: readonly number[]): Buffer =>
  binaryArray(
    23,
    values.map(() => 4),
    (to, at, index) => to.writeInt32BE(values[index] ?? 0, at),
  );

export const uuidArray = (uuids: readonly string[]): Buffer =>
  binaryArray(
    2950,
    uuids.map(() => 16),
    (to, at, index) => to.write((uuids[index] ?? '').replaceAll('-', ''), at, 'hex'),
  );
