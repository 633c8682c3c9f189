import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { Clock } from "../../lib/clock.ts";
import { type Service, ServiceError } from "../protocol.ts";
import type { Delivering } from "./delivery.ts";
import { type Entry, type EntryProblem, isoSeconds, readEntries, toEvent } from "./entry.ts";
import { compilePattern } from "./pattern.ts";
import type { BusEvent, Rule } from "./rule.ts";

/** The buses of the template. */
export interface Buses {
  readonly names: readonly string[];
  readonly rules: readonly Rule[];
  readonly account: string;
  readonly region: string;
}

/**
 * Amazon EventBridge: answers PutEvents at once and delivers afterwards. Every pattern is compiled here, so a bad one
 * refuses the start.
 */
export const createEventBridge = (options: {
  buses: Buses;
  clock: Clock;
  delivering: Delivering;
}): Service => {
  const { buses, clock, delivering } = options;
  const compiled = buses.rules.map((rule) => ({ rule, matches: compilePattern(rule.pattern) }));
  const route = (event: BusEvent, bus: string) => {
    const text = JSON.stringify(event);
    for (const { rule, matches } of compiled) {
      if (rule.bus === bus && matches(event))
        for (const target of rule.targets) delivering.deliver(text, rule, target);
    }
  };
  const put = (entry: Entry): { EventId: string } | EntryProblem => {
    const bus = (entry.EventBusName ?? "default").replace(/^arn:.*:event-bus\//, "");
    if (!buses.names.includes(bus)) {
      return { ErrorCode: "ResourceNotFoundException", ErrorMessage: `Event bus ${bus} does not exist.` };
    }
    const { account, region } = buses;
    const event = toEvent(entry, { id: randomUUID(), account, region, time: isoSeconds(clock.now()) });
    if ("ErrorCode" in event) return event;
    setImmediate(route, event, bus);
    return { EventId: event.id };
  };
  return {
    target: "AWSEvents",
    contentType: "application/x-amz-json-1.1",
    actions: {
      PutEvents: (input) => {
        const Entries = readEntries(input).map(put);
        return { FailedEntryCount: Entries.filter((entry) => "ErrorCode" in entry).length, Entries };
      },
      TestEventPattern: testEventPattern,
      ListRules: (input) => listRules(buses.rules, input),
    },
  };
};

const testSchema = z.object({ EventPattern: z.string(), Event: z.string() });

const testEventPattern = (input: unknown) => {
  const { EventPattern, Event } = checked(testSchema, input);
  const matches = orRefuse("InvalidEventPatternException", () => compilePattern(JSON.parse(EventPattern)));
  const event: unknown = orRefuse("ValidationException", () => JSON.parse(Event));
  return { Result: matches(event) };
};

const orRefuse = <T>(code: string, work: () => T): T => {
  try {
    return work();
  } catch (thrown) {
    throw new ServiceError(code, thrown instanceof Error ? thrown.message : String(thrown));
  }
};

const listSchema = z.object({
  EventBusName: z.string().default("default"),
  NamePrefix: z.string().default(""),
});

const listRules = (rules: readonly Rule[], input: unknown) => {
  const { EventBusName, NamePrefix } = checked(listSchema, input);
  const found = rules.filter(({ bus, name }) => bus === EventBusName && name.startsWith(NamePrefix));
  return {
    Rules: found.map(({ name, arn, bus, pattern }) => ({
      Name: name,
      Arn: arn,
      EventBusName: bus,
      EventPattern: JSON.stringify(pattern),
      State: "ENABLED",
    })),
  };
};

const checked = <T>(schema: z.ZodType<T>, input: unknown): T => {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new ServiceError("ValidationException", z.prettifyError(parsed.error));
};
