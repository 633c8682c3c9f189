import { createDynamoBlobs } from "../lib/blob/dynamodb.ts";
import { createEventBridgeBus } from "../lib/bus/eventbridge.ts";
import { createDynamoAccepted, createDynamoReloads } from "../lib/config/dynamodb.ts";
import { createPlanReader } from "../lib/discovery/current.ts";
import { answerRebuild } from "../lib/door/rebuild.ts";
import { answerRelease } from "../lib/door/release.ts";
import { answerReload } from "../lib/door/reload.ts";
import { readEnvironment } from "../lib/environment.ts";
import { createDynamoHistory } from "../lib/history/dynamodb.ts";
import { currentCorrelation } from "../lib/invocation.ts";
import { lambda } from "../lib/lambda.ts";
import { createDynamoLeases } from "../lib/lease/dynamodb.ts";
import { shareLimits } from "../lib/lease/share.ts";
import { functionLog } from "../lib/log.ts";
import { createMeter } from "../lib/meter.ts";
import {
  createDynamoLag,
  createDynamoRebuilds,
  createDynamoReleases,
  createDynamoStatuses,
} from "../lib/pool/dynamodb.ts";
import { createTable } from "../lib/table/dynamodb.ts";
import { createCloud } from "../lib/tick/cloud.ts";
import { gather } from "../lib/tick/gather.ts";
import { tick } from "../lib/tick/tick.ts";

const environment = readEnvironment(process.env);
const log = functionLog(environment);
const meter = createMeter(environment);
const clock = Date.now;
const table = createTable(environment.tableName);
const accepted = createDynamoAccepted(table, { blobs: createDynamoBlobs(table, clock), clock });
const cloud = environment.where === "cloud" ? createCloud(environment, clock) : undefined;
const parts = {
  gather: (servers: Readonly<Record<string, string>>) => gather(environment, servers, cloud),
  accepted,
  plan: createPlanReader(accepted),
  statuses: createDynamoStatuses(table, log),
  leases: createDynamoLeases(table, { clock }),
  releases: createDynamoReleases(table, clock),
  rebuilds: createDynamoRebuilds(table, clock),
  lag: createDynamoLag(table, clock),
  reloads: createDynamoReloads(table),
  history: createDynamoHistory(table, clock),
  limits: shareLimits(environment.relayTargets),
  bus: createEventBridgeBus(environment.busName),
  meter,
  correlationId: currentCorrelation,
  clock,
  log,
};

/**
 * Every minute, and when somebody asks for a reload: accept the configuration, order the relays and looks that are due. Also
 * when somebody lets go what the guard holds back or wants a rebuild, since `serve` may write nothing.
 */
export const handler = lambda(
  "tick",
  answerRelease(
    parts,
    answerRebuild(
      parts,
      answerReload(parts, (options) => tick(parts, options)),
    ),
  ),
  { log, meter },
);
