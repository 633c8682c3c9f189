import { closeSync, existsSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import * as z from "zod";
import { type Message, messageSchema } from "./message.ts";

/** Keeps a queue's messages in a file of JSON lines, so that they outlive the process. */
export interface Journal {
  /** What was kept when the journal was opened, oldest first. */
  readonly kept: readonly Message[];
  /** The ids of the oldest messages, which no longer fit and are forgotten. */
  put(message: Message): readonly string[];
  remove(id: string): void;
  close(): void;
}

/**
 * Reads the file, writes it anew without what was removed, and appends from then on, each line before the call
 * returns. A last line that a crash cut short is left out; it was never confirmed to anybody. What is kept is bounded by
 * `mostBytes`, 64 MiB by default, and the file by little more than twice of it: then it is written anew.
 */
export const openJournal = (path: string, { mostBytes = 64 * 1024 * 1024 } = {}): Journal => {
  const kept = [...replay(existsSync(path) ? readFileSync(path, "utf8") : "").values()];
  const lines = createLines(mostBytes);
  for (const message of kept) lines.put(message);
  const file = openFile(path, lines);
  return {
    kept: kept.filter(({ id }) => lines.has(id)),
    put: (message) => {
      const { line, forgotten } = lines.put(message);
      file.append(line);
      for (const id of forgotten) file.append(removal(id));
      return forgotten;
    },
    remove: (id) => {
      lines.remove(id);
      file.append(removal(id));
    },
    close: () => file.close(),
  };
};

const removal = (remove: string) => `${JSON.stringify({ remove })}\n`;

/** The lines of what is kept, oldest first; the newest is always among them. */
const createLines = (mostBytes: number) => {
  const lines = new Map<string, string>();
  let bytes = 0;
  const remove = (id: string) => {
    bytes -= Buffer.byteLength(lines.get(id) ?? "");
    lines.delete(id);
  };
  return {
    has: (id: string) => lines.has(id),
    all: () => [...lines.values()].join(""),
    bytes: () => bytes,
    remove,
    put: (put: Message) => {
      const line = `${JSON.stringify({ put })}\n`;
      remove(put.id);
      lines.set(put.id, line);
      bytes += Buffer.byteLength(line);
      const forgotten: string[] = [];
      for (const id of lines.keys()) {
        if (bytes <= mostBytes || id === put.id) break;
        remove(id);
        forgotten.push(id);
      }
      return { line, forgotten };
    },
  };
};

/** Of so many bytes more than is kept, nobody minds. */
const slack = 1024 * 1024;

/** The file, written anew at once and whenever it holds more than twice what is kept. */
const openFile = (path: string, lines: ReturnType<typeof createLines>) => {
  const begin = () => {
    writeFileSync(`${path}.new`, lines.all());
    renameSync(`${path}.new`, path);
    return openSync(path, "a");
  };
  let file = begin();
  let written = lines.bytes();
  return {
    append: (line: string) => {
      written += writeSync(file, line);
      if (written <= 2 * lines.bytes() + slack) return;
      closeSync(file);
      file = begin();
      written = lines.bytes();
    },
    close: () => closeSync(file),
  };
};

const lineSchema = z.union([z.object({ put: messageSchema }), z.object({ remove: z.string() })]);

const replay = (text: string): Map<string, Message> => {
  const messages = new Map<string, Message>();
  for (const line of text.split("\n")) {
    const entry = parse(line);
    if (entry === undefined) continue;
    if ("put" in entry) messages.set(entry.put.id, entry.put);
    else messages.delete(entry.remove);
  }
  return messages;
};

const parse = (line: string) => {
  if (line === "") return undefined;
  try {
    return lineSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
};
