/** How often the suite `crash` kills the program and waits until all is well again; the full form has fifty rounds. */
export const crashRounds = Number(process.env.ROLLCALL_CRASH_ROUNDS ?? 10);

/** Seconds that a round may take: a dead program's lease, a start or three, and some work. */
export const roundSeconds = 40;
