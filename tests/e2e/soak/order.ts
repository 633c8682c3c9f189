import { eventSource } from "../../../lib/targetgroup/event.ts";
import type { Stage } from "./fault.ts";

/** Puts an order for a cluster on the bus, as a tick does, be it due or not. */
export const order = async ({ door }: Stage, DetailType: string, cluster: string): Promise<void> => {
  const { BUS_NAME = "" } = await door.environment();
  const Detail = JSON.stringify({ schema: 1, cluster });
  await door.bus.send({ EventBusName: BUS_NAME, Source: eventSource, DetailType, Detail });
};
