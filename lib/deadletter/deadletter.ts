/** Where messages go that can never be applied, so that people find them with the reason (promise 6). */
export interface DeadLetters {
  send(letter: DeadLetter): Promise<void>;
}

/** How many there have ever been: queues forget, and `/metrics` asks no queue. */
export interface DeadLetterCount {
  /** May count a message twice that came twice. */
  add(letters: number): Promise<void>;
  read(): Promise<number>;
}

export interface DeadLetter {
  /** The message as it came. */
  readonly body: string;
  /** One line; more than 1 kB of it is cut. */
  readonly reason: string;
  /** Further message attributes, at most nine; empty values are left out. */
  readonly attributes?: Readonly<Record<string, string>>;
}
