import type { Held } from "./lease.ts";

/** The name under which a relay holds a cluster's lease, so that a look can tell it from another look. */
export const relayHolder = (request: string): string => `${prefix}${request}`;

/** A relay makes the looks at its cluster itself, for as long as it lives. */
export const isRelay = ({ heldBy }: Held): boolean => heldBy.startsWith(prefix);

const prefix = "relay/";
