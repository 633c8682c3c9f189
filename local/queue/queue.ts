import { randomUUID } from "node:crypto";
import type { Clock } from "../../lib/clock.ts";
import type { Journal } from "./journal.ts";
import { type Message, type MessageAttributes, sizeOf } from "./message.ts";
import { createShelf, type Entry, type Shelf } from "./shelf.ts";

/** A standard queue in memory: at least once, in no promised order. */
export interface Queue {
  readonly definition: QueueDefinition;
  send(message: { body: string; attributes?: MessageAttributes; delay?: number }): Message;
  /** Takes over a message that another queue gave up; its id and age stay. */
  takeOver(message: Message): void;
  /** Hands out what is visible now and hides it for `visibility` milliseconds; messages received too often go to the dead-letter queue. */
  receive(options: { most: number; visibility?: number; mostBytes?: number }): Delivery[];
  /** Resolves once something may be visible, after `milliseconds`, or when `gone` aborts. */
  wait(milliseconds: number, gone?: AbortSignal): Promise<void>;
  /** A receipt that is no longer the newest removes nothing; false when the receipt is none. */
  remove(receipt: string): boolean;
  /** Only the newest receipt of a message in flight can; "stale" otherwise, false when the receipt is none. */
  changeVisibility(receipt: string, milliseconds: number): true | "stale" | false;
  purge(): void;
  counts(): { visible: number; inFlight: number; delayed: number };
  /** Many wait, and more came just now. */
  isFlooded(): boolean;
  close(): void;
}

/** Times are milliseconds. */
export interface QueueDefinition {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly visibility: number;
  readonly retention: number;
  readonly delay: number;
  readonly redrive?: { readonly deadLetterArn: string; readonly maxReceiveCount: number };
}

export interface Delivery {
  readonly message: Message;
  readonly receipt: string;
}

/** `deadLetters` takes what was received too often; `journal` makes the queue outlive the process. */
export interface QueueOptions {
  readonly definition: QueueDefinition;
  readonly clock: Clock;
  readonly journal?: Journal;
  readonly deadLetters?: Queue;
}

export const createQueue = (options: QueueOptions): Queue => {
  const { definition, clock, journal } = options;
  const shelf = createShelf(clock);
  let cameAt = Number.NEGATIVE_INFINITY;
  const keep = (message: Message, delay: number): Message => {
    for (const id of journal?.put(message) ?? []) forget(id, shelf);
    shelf.add(message, delay);
    cameAt = clock.now();
    return message;
  };
  for (const message of journal?.kept ?? []) shelf.add(message, 0);
  return {
    definition,
    send: ({ body, attributes = {}, delay = definition.delay }) =>
      keep({ id: randomUUID(), body, attributes, sentAt: clock.now(), receives: 0 }, delay),
    takeOver: (message) => void keep(message, 0),
    receive: createReceive(options, shelf),
    wait: shelf.wait,
    remove(receipt) {
      const entry = shelf.find(receipt.slice(0, idLength));
      if (entry?.receipt === receipt) drop(entry, shelf, journal);
      return isReceipt.test(receipt);
    },
    changeVisibility(receipt, milliseconds) {
      if (!isReceipt.test(receipt)) return false;
      const entry = shelf.find(receipt.slice(0, idLength));
      if (entry?.receipt !== receipt || entry.hiddenUntil <= clock.now()) return "stale";
      if (milliseconds > 0) shelf.hide(entry, milliseconds);
      else shelf.show(entry);
      return true;
    },
    purge() {
      for (const entry of shelf.all()) drop(entry, shelf, journal);
    },
    counts() {
      const all = shelf.all();
      const hidden = all.filter(({ hiddenUntil }) => hiddenUntil > 0);
      const inFlight = hidden.filter(({ receipt }) => receipt !== undefined).length;
      return { visible: all.length - hidden.length, inFlight, delayed: hidden.length - inFlight };
    },
    isFlooded: () => shelf.size() > many && clock.now() - cameAt < justNow,
    close() {
      shelf.wake();
      journal?.close();
    },
  };
};

const many = 500;
/** Milliseconds. */
const justNow = 100;

const idLength = 36;
const isReceipt = /^[0-9a-f-]{36}\.[0-9a-f-]{36}$/;

/** The journal has forgotten it already. */
const forget = (id: string, shelf: Shelf) => {
  const entry = shelf.find(id);
  if (entry) shelf.remove(entry);
};

const drop = (entry: Entry, shelf: Shelf, journal: Journal | undefined) => {
  shelf.remove(entry);
  journal?.remove(entry.message.id);
};

const createReceive = (
  { definition, clock, journal, deadLetters }: QueueOptions,
  shelf: Shelf,
): Queue["receive"] => {
  const { retention, redrive } = definition;
  /** True when the message is spent: too old, or handed out too often. */
  const isSpent = ({ message }: Entry): boolean => {
    if (clock.now() - message.sentAt > retention) return true;
    if (!redrive || !deadLetters || message.receives < redrive.maxReceiveCount) return false;
    deadLetters.takeOver({ ...message, deadLetterSource: definition.arn });
    return true;
  };
  return ({ most, visibility = definition.visibility, mostBytes = Number.POSITIVE_INFINITY }) => {
    const deliveries: Delivery[] = [];
    let bytes = 0;
    for (let entry = shelf.peek(); entry && deliveries.length < most; entry = shelf.peek()) {
      if (isSpent(entry)) {
        drop(entry, shelf, journal);
        continue;
      }
      bytes += sizeOf(entry.message);
      if (bytes > mostBytes && deliveries.length > 0) break;
      shelf.next();
      deliveries.push(handOut(entry, clock));
      shelf.hide(entry, visibility);
    }
    return deliveries;
  };
};

const handOut = (entry: Entry, clock: Clock): Delivery => {
  const { message } = entry;
  const receipt = `${message.id}.${randomUUID()}`;
  const firstReceivedAt = message.firstReceivedAt ?? clock.now();
  entry.message = { ...message, receives: message.receives + 1, firstReceivedAt };
  entry.receipt = receipt;
  return { message: entry.message, receipt };
};
