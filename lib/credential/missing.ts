/**
 * One line for a file, secret, parameter or bucket that a configuration names and that cannot be read. Its words are the
 * mark by which `tick` finds such a fault in a provider's record again, whoever has put it into a longer line on the way.
 */
export const unreadable = (what: string, reason: string): string => `${what}${mark}${reason}`;

/** Whether a line tells of something that the configuration names and nobody can read. */
export const tellsUnreadable = (line: string): boolean => line.includes(mark);

const mark = " is named by the configuration and cannot be read: ";
