import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import * as z from "zod";
import { inFlight, runsOf } from "../../lib/inflight.ts";
import { contentHash } from "../../lib/targetgroup/hash.ts";
import type { ControlPlane } from "../../tests/e2e/control-plane.ts";
import type { Bus } from "./awsof.ts";
import { podGroups } from "./groups.ts";

/**
 * Milliseconds that it takes to list so many pods page by page and to put as many events on the bus, ten in a request, each by the
 * client that has to be used and one after the other: nothing that lists, and then announces each group by itself, can be quicker.
 */
export const announcingFloor = async ({ plane, bus, count }: Announcing): Promise<number> => {
  const listing = await pagesRead(plane);
  return listing + (await putAlone(bus)) * count;
};

interface Announcing {
  readonly plane: ControlPlane;
  readonly bus: Bus;
  readonly count: number;
}

/** As many as a relay asks for at once. */
const pageSize = 200;

const page = z.object({ metadata: z.object({ continue: z.string().default("") }) });

const pagesRead = async (plane: ControlPlane): Promise<number> => {
  const began = performance.now();
  let next = "";
  do {
    const path = `/api/v1/pods?limit=${pageSize}&continue=${encodeURIComponent(next)}`;
    next = page.parse(await plane.ask("GET", path)).metadata.continue;
  } while (next !== "");
  return performance.now() - began;
};

/** Milliseconds an event; no rule takes these. */
const putAlone = async ({ name, client }: Bus, count = 5000): Promise<number> => {
  const entries = podGroups(count).map((group, sequence) => ({
    EventBusName: name,
    Source: "rollcall.bench",
    DetailType: "Target Group Changed",
    Detail: JSON.stringify({ ...head, version: { epoch: 1, sequence }, hash: contentHash(group), group }),
  }));
  const began = performance.now();
  await inFlight(requestsUnderWay, runsOf(10, entries), (Entries) =>
    client.send(new PutEventsCommand({ Entries })),
  );
  return (performance.now() - began) / count;
};

/** As a relay has. */
const requestsUnderWay = 8;

const head = {
  schema: 1,
  provider: "kubernetes/0123456789ab",
  cluster: "https://127.0.0.1:6443",
  jobs: ["pods"],
  change: "updated",
  observedAt: "2026-01-01T00:00:00.000Z",
};
