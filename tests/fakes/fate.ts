/** What becomes of a request to the bus, or of an event that it took. */
export type Fate = "at once" | "late" | "lost" | "twice" | "refused" | "taken, yet refused";
