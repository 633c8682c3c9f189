/** Cuts a stream of bytes into lines. */
export interface LineSplitter {
  /** The lines that these bytes complete, without their ends; throws when one is longer than it may be. */
  take(chunk: Uint8Array): readonly string[];
  /** Bytes of a line that has no end yet. */
  pending(): number;
}

/** `mostBytes` bounds a line, and so what is kept of one that does not end. */
export const createLineSplitter = (mostBytes: number): LineSplitter => {
  let held = Buffer.alloc(0);
  let size = 0;
  const grown = (part: Buffer): number => {
    const wanted = size + part.length;
    if (wanted > mostBytes) throw new Error(`a line is longer than ${mostBytes} bytes`);
    return wanted;
  };
  const hold = (part: Buffer) => {
    const wanted = grown(part);
    // Doubled, so that a line that comes in a million pieces is not copied a million times.
    if (wanted > held.length) held = Buffer.concat([held.subarray(0, size)], Math.max(2 * size, wanted));
    part.copy(held, size);
    size = wanted;
  };
  const complete = (part: Buffer): string => {
    if (grown(part) === part.length) return part.toString("utf8");
    hold(part);
    const line = held.toString("utf8", 0, size);
    held = Buffer.alloc(0);
    size = 0;
    return line;
  };
  return {
    take: (bytes) => {
      const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const lines: string[] = [];
      let start = 0;
      for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
        lines.push(complete(chunk.subarray(start, end)));
        start = end + 1;
      }
      if (start < chunk.length) hold(chunk.subarray(start));
      return lines;
    },
    pending: () => size,
  };
};

const newline = 0x0a;
