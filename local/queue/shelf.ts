import type { Clock } from "../../lib/clock.ts";
import { createHeap } from "./heap.ts";
import { createLine } from "./line.ts";
import type { Message } from "./message.ts";
import { createWaiters } from "./waiters.ts";

/** A message on the shelf. `hiddenUntil` is 0 while it is visible; a receipt is there once it was handed out. */
export interface Entry {
  message: Message;
  hiddenUntil: number;
  receipt?: string;
}

/** Where a queue's messages lie: in a line while they are visible, and apart while they are hidden. */
export interface Shelf {
  add(message: Message, delay: number): void;
  find(id: string): Entry | undefined;
  remove(entry: Entry): void;
  hide(entry: Entry, milliseconds: number): void;
  show(entry: Entry): void;
  /** The next that is visible now; it stays in the line until `next` is called. */
  peek(): Entry | undefined;
  next(): void;
  all(): Entry[];
  size(): number;
  /** Resolves once something may be visible, after `milliseconds`, or when `gone` aborts. */
  wait(milliseconds: number, gone?: AbortSignal): Promise<void>;
  /** Lets all who wait look again. */
  wake(): void;
}

export const createShelf = (clock: Clock): Shelf => {
  const entries = new Map<string, Entry>();
  const visible = createLine<Entry>();
  // Only names: a message that was handled meanwhile shall not stay until its time is up.
  const hidden = createHeap<{ id: string; until: number }>(({ until }) => until);
  const waiters = createWaiters(clock);
  const isHere = (entry: Entry) => entries.get(entry.message.id) === entry;
  const hide = (entry: Entry, milliseconds: number) => {
    entry.hiddenUntil = clock.now() + milliseconds;
    hidden.push({ id: entry.message.id, until: entry.hiddenUntil });
  };
  const show = (entry: Entry) => {
    entry.hiddenUntil = 0;
    visible.push(entry);
    waiters.wake();
  };
  const showDue = () => {
    for (let top = hidden.peek(); top && top.until <= clock.now(); top = hidden.peek()) {
      hidden.pop();
      const entry = entries.get(top.id);
      if (entry?.hiddenUntil === top.until) show(entry);
    }
  };
  const peek = () => {
    showDue();
    for (let entry = visible.peek(); entry; entry = visible.peek()) {
      if (isHere(entry) && entry.hiddenUntil === 0) return entry;
      visible.shift();
    }
    return undefined;
  };
  return {
    add(message, delay) {
      const entry = { message, hiddenUntil: 0 };
      entries.set(message.id, entry);
      if (delay > 0) hide(entry, delay);
      else show(entry);
    },
    find: (id) => entries.get(id),
    remove: (entry) => void entries.delete(entry.message.id),
    hide,
    show,
    peek,
    next: visible.shift,
    all() {
      showDue();
      return [...entries.values()];
    },
    size: () => entries.size,
    async wait(milliseconds, gone) {
      if (peek() || gone?.aborted) return;
      await waiters.wait({ milliseconds, gone, due: () => hidden.peek()?.until, promote: showDue });
    },
    wake: waiters.wake,
  };
};
