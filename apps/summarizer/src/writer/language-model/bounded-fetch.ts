/** An answer of a few sentences is a few kilobytes; whoever sends more than this is not read to the end. */
const maximumAnswerBytes = 256 * 1024;

/** `fetch` that follows no redirect (the key would go with it) and breaks off an answer that is too long. */
export const boundedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, redirect: 'error' });
  let bytes = 0;
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, controller) => {
      bytes += chunk.byteLength;
      if (bytes > maximumAnswerBytes) controller.error(new Error('the answer is too long'));
      else controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body?.pipeThrough(counting) ?? null, { status, statusText, headers });
};
