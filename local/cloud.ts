import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../lib/clock.ts";
import { createDelivering } from "./bus/delivery.ts";
import { createEventBridge } from "./bus/eventbridge.ts";
import { makeCredentials } from "./credentials.ts";
import { type Endpoint, startEndpoint } from "./endpoint.ts";
import { setEnvironment } from "./environment.ts";
import { type Functions, loadFunctions } from "./functions.ts";
import type { Queue } from "./queue/queue.ts";
import { openQueues } from "./queue/queues.ts";
import { startEventSource } from "./queue/source.ts";
import { createSqs } from "./queue/sqs.ts";
import { startSchedules } from "./schedule.ts";
import { ensureTable } from "./table/dynamodb.ts";
import { startTable } from "./table/table.ts";
import type { Printed } from "./template/printed.ts";
import { environmentOf, readTemplate, type Template } from "./template/template.ts";

/** Every function of the template in this process, with the table, the bus and the queues that it names. */
export interface Cloud {
  readonly template: Template;
  readonly functions: Functions;
  readonly queues: readonly Queue[];
  /** The local AWS, for SDK clients of a test. */
  readonly endpoint: string;
  /** Settles only when the table breaks. */
  readonly failed: Promise<Error>;
  /** Fires the schedules, the first time at once. */
  startSchedules(): void;
  /** Begins to end: no schedule fires, no function is started by an event, those that run are told that their time is over. */
  stop(): void;
  /** Ends what is under way and frees the data folder. */
  close(): Promise<void>;
}

export interface CloudOptions {
  readonly printed: Printed;
  /** Handlers are found below it. */
  readonly root: string;
  readonly dataDir: string;
  /** Set over the template's environment, before the handlers are imported. */
  readonly variables: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: (line: string) => void;
  /** Functions whose schedules fire more often here than in the cloud: milliseconds by name. */
  readonly paces?: Readonly<Record<string, number>>;
}

export const startCloud = async (options: CloudOptions): Promise<Cloud> => {
  const { printed, root, dataDir, variables, clock, log } = options;
  mkdirSync(dataDir, { recursive: true });
  const credentials = makeCredentials();
  const table = await startTable({ dataDir, ...credentials });
  const endpoint = await startEndpoint(credentials);
  const template = readTemplate(printed, endpoint.url);
  const aws = {
    endpoint: endpoint.url,
    tableEndpoint: table.endpoint,
    region: template.region,
    ...credentials,
  };
  setEnvironment(aws, { ...environmentOf(template.functions), ...variables });
  for (const definition of template.tables) await ensureTable(definition);
  const kept = new Set([
    ...template.rules.flatMap(({ targets }) => targets.flatMap(({ deadLetterArn }) => deadLetterArn ?? [])),
    ...template.functions.flatMap(({ onFailureArn }) => onFailureArn ?? []),
  ]);
  const queues = openQueues({ definitions: template.queues, kept, folder: join(dataDir, "queues"), clock });
  const byArn = new Map(queues.map((queue) => [queue.definition.arn, queue]));
  const giveUp = (arn: string, record: object) => void byArn.get(arn)?.send({ body: JSON.stringify(record) });
  const functions = await loadFunctions({ definitions: template.functions, root, clock, log, giveUp });
  serve({ ...options, endpoint, template, queues, functions });
  const sources = startSources({ template, queues, functions, clock });
  let stopSchedules = () => {};
  const stop = () => {
    stopSchedules();
    functions.stop();
  };
  return {
    template,
    functions,
    queues,
    endpoint: endpoint.url,
    failed: table.failed,
    startSchedules() {
      const { schedules } = template;
      stopSchedules = startSchedules({ schedules, paces: options.paces, clock, fire: functions.invokeAsync });
    },
    stop,
    async close() {
      stop();
      await functions.idle();
      await Promise.all(sources.map((source) => source.close()));
      await endpoint.close();
      for (const queue of queues) queue.close();
      await table.close();
    },
  };
};

interface Parts extends CloudOptions {
  readonly endpoint: Endpoint;
  readonly template: Template;
  readonly queues: readonly Queue[];
  readonly functions: Functions;
}

const serve = ({ endpoint, template, queues, functions, clock, random, log }: Parts) => {
  const byArn = new Map(queues.map((queue) => [queue.definition.arn, queue]));
  const names = new Map(template.functions.map(({ arn, name }) => [arn, name]));
  const delivering = createDelivering({
    clock,
    random,
    log,
    accept(arn, text) {
      const name = names.get(arn);
      if (name === undefined) byArn.get(arn)?.send({ body: text });
      else functions.invokeAsync(name, JSON.parse(text));
    },
    giveUp: (arn, body, attributes) => void byArn.get(arn)?.send({ body, attributes }),
  });
  const { rules, account, region } = template;
  const buses = { names: ["default", ...template.buses], rules, account, region };
  endpoint.serve([createEventBridge({ buses, clock, delivering }), createSqs({ queues, clock })]);
};

const startSources = ({
  template,
  queues,
  functions,
  clock,
}: Pick<Parts, "template" | "queues" | "functions" | "clock">) =>
  template.sources.flatMap(({ queueArn, function: name, ...source }) =>
    queues
      .filter(({ definition }) => definition.arn === queueArn)
      .map((queue) =>
        startEventSource({ ...source, queue, clock, invoke: (event) => functions.invoke(name, event) }),
      ),
  );
