import { statusOf } from "../answer.ts";
import type { Client } from "../client.ts";
import { type ListedVersion, type ListOptions, type ListRequest, listVersion } from "../list.ts";
import type { KubernetesObject } from "../objects/meta.ts";
import type { WatchEvent } from "./event.ts";
import { openWatch, type Watch, type WatchLimits } from "./watch.ts";
import { streamList } from "./watchlist.ts";

export interface ListWatchOptions<T extends KubernetesObject>
  extends ListRequest<T>,
    Pick<ListOptions, "pageSize" | "wait"> {
  /** Unix milliseconds. */
  readonly clock: () => number;
  readonly random: () => number;
  readonly relistMilliseconds: number;
  /** False: servers are not asked to stream what there is. */
  readonly watchList: boolean;
  readonly limits: WatchLimits;
}

/** Where it all goes. What throws in here ends the attempt. */
export interface Sink<T extends KubernetesObject> {
  listed(objects: readonly T[]): void;
  /** The server has agreed to the watch. */
  watching(): void;
  happened(event: WatchEvent<T>): void;
}

/** List and watch, one attempt after the other; knows how far it came. */
export interface ListWatch<T extends KubernetesObject> {
  /** Lists if that is due, then watches; runs to its end by rejecting. */
  attempt(client: Client, sink: Sink<T>, signal: AbortSignal): Promise<never>;
  /** The next attempt lists everything. */
  forget(): void;
}

export const createListWatch = <T extends KubernetesObject>(options: ListWatchOptions<T>): ListWatch<T> => {
  const { clock } = options;
  const position: Position = { version: undefined, listDue: 0, streams: options.watchList };
  const take = ({ objects, resourceVersion }: Whole<T>, sink: Sink<T>) => {
    sink.listed(objects);
    position.version = resourceVersion;
    position.listDue = clock() + options.relistMilliseconds;
  };
  return {
    attempt: async (client, sink, signal) => {
      const call: Call = { ...client, limits: options.limits, signal };
      const whole = await listIfDue(options, position, call);
      if (whole !== undefined) take(whole, sink);
      const { version } = position;
      const timeoutSeconds = timeoutOf(options, position.listDue - clock());
      const watch = whole?.watch ?? (await openWatch({ ...options, version, timeoutSeconds }, call));
      sink.watching();
      for (;;) {
        const { value: event } = await watch.next();
        sink.happened(event);
        position.version = event.version;
      }
    },
    forget: () => {
      position.version = undefined;
    },
  };
};

interface Position {
  /** Of the last list, event or bookmark; undefined when there is nothing to go on from. */
  version: string | undefined;
  /** Unix milliseconds from which on everything is listed anew, to be on the safe side. */
  listDue: number;
  /** Whether the server may yet know how to stream what there is; once it has shown that it does not, it is not asked again. */
  streams: boolean;
}

interface Call extends Client {
  readonly limits: WatchLimits;
  readonly signal: AbortSignal;
}

interface Whole<T extends KubernetesObject> extends ListedVersion<T> {
  /** Goes on from the list; undefined when it has to be opened. */
  readonly watch?: Watch<T>;
}

/** A list that only makes sure of what a watch told can wait; the watch need not suffer from it. */
const listIfDue = async <T extends KubernetesObject>(
  options: ListWatchOptions<T>,
  position: Position,
  call: Call,
): Promise<Whole<T> | undefined> => {
  const needed = position.version === undefined;
  if (!needed && options.clock() < position.listDue) return undefined;
  try {
    return await listWhole(options, position, call);
  } catch (error) {
    if (needed || call.signal.aborted || statusOf(error)?.code === 401) throw error;
    position.listDue = options.clock() + laterMilliseconds;
    return undefined;
  }
};

const laterMilliseconds = 5 * 60_000;

const listWhole = async <T extends KubernetesObject>(
  options: ListWatchOptions<T>,
  position: Position,
  call: Call,
): Promise<Whole<T>> => {
  if (position.streams) {
    const timeoutSeconds = timeoutOf(options, options.relistMilliseconds);
    const streamed = await streamList({ ...options, timeoutSeconds }, call);
    if (streamed !== undefined) return streamed;
    position.streams = false;
  }
  const { wait, pageSize } = options;
  const more = { ...(wait !== undefined && { wait }), ...(pageSize !== undefined && { pageSize }) };
  const listed = await listVersion(options, { ...call, ...more });
  if (listed.resourceVersion !== "") return listed;
  throw new Error(`${call.server.origin}: a list of ${options.resource.name} without resourceVersion`);
};

/** Five to ten minutes, as client-go does, so that not all watches of a process end together. */
const timeoutOf = ({ random }: { random: () => number }, untilList: number): number =>
  Math.max(1, Math.min(300 + Math.floor(random() * 300), Math.ceil(untilList / 1000)));
