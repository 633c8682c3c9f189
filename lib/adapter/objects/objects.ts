import type { Resource } from "../mapper/mapper.ts";

/** Objects of an adapter's cluster, as its API server lists them now. */
export interface Objects {
  /** In the server's order. Rejects with NotListed. `signal` ends it before its own time. */
  list(resource: ListedResource, narrowed: Narrowed, signal?: AbortSignal): Promise<readonly FoundObject[]>;
}

export type ListedResource = Pick<Resource, "group" | "version" | "resource">;

export interface Narrowed {
  /** Undefined: everywhere. */
  readonly namespace: string | undefined;
  /** Selectors as Kubernetes writes them; "" for all. */
  readonly label: string;
  readonly field: string;
}

export interface FoundObject {
  /** "" for cluster-wide objects. */
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** The list was refused, or did not come; `message` is one line. */
export class NotListed extends Error {
  override name = "NotListed";
  /** The server did not understand a selector: its own words. */
  readonly badSelector: string | undefined;

  constructor(
    message: string,
    { cause, badSelector }: { cause?: unknown; badSelector?: string | undefined },
  ) {
    super(message, { cause });
    this.badSelector = badSelector;
  }
}
