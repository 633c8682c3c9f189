import type { DeadLetter, DeadLetterCount, DeadLetters } from "./deadletter.ts";

export interface MemoryDeadLetters extends DeadLetters {
  readonly letters: readonly DeadLetter[];
}

/** Dead letters in this process; unit tests read them. */
export const createMemoryDeadLetters = (): MemoryDeadLetters => {
  const letters: DeadLetter[] = [];
  return {
    letters,
    send: async (letter) => {
      letters.push(letter);
    },
  };
};

/** The count in this process. */
export const createMemoryDeadLetterCount = (): DeadLetterCount => {
  let counted = 0;
  return {
    add: async (letters) => {
      counted += letters;
    },
    read: async () => counted,
  };
};
