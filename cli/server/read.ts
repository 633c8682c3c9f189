/** The whole body, decompressed, as text; throws when it is longer than anything that we can make sense of. */
export const read = async (response: Response): Promise<string> => {
  if (response.body === null) return "";
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body) {
    length += piece.byteLength;
    if (length > mostBytes)
      throw new Error(`an answer of more than ${mostBytes / 2 ** 20} MiB; narrow the question`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
};

/** A text can hardly be longer in this engine. */
const mostBytes = 384 * 2 ** 20;
