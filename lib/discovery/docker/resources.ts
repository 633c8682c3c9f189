import * as z from "zod";
import type { Resource } from "./answer.ts";

// What Docker's API tells (https://docs.docker.com/reference/api/engine/), as far as labels are made of it. Go leaves out
// what is empty, or writes null for it, so everything may be absent.
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? false);
const whole = z
  .int()
  .nullish()
  .transform((value) => value ?? 0);
const textMap = z
  .record(z.string(), text)
  .nullish()
  .transform((value) => value ?? {});
const listOf = <Item extends z.ZodType>(item: Item) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);

const network = z.object({
  Id: text,
  Name: text,
  Scope: text,
  Internal: flag,
  Ingress: flag,
  Labels: textMap,
});

const node = z.object({
  ID: text,
  Spec: z.object({ Role: text, Availability: text, Labels: textMap }).prefault({}),
  Description: z
    .object({
      Hostname: text,
      Platform: z.object({ Architecture: text, OS: text }).prefault({}),
      Engine: z.object({ EngineVersion: text }).prefault({}),
    })
    .prefault({}),
  Status: z.object({ State: text, Addr: text }).prefault({}),
  ManagerStatus: z.object({ Leader: flag, Reachability: text, Addr: text }).nullish(),
});

const port = z.object({ Name: text, Protocol: text, PublishedPort: whole, PublishMode: text });

const service = z.object({
  ID: text,
  Spec: z
    .object({
      Name: text,
      Labels: textMap,
      Mode: z.object({ Global: z.object({}).nullish(), Replicated: z.object({}).nullish() }).prefault({}),
      TaskTemplate: z
        .object({ ContainerSpec: z.object({ Hostname: text, Image: text }).nullish() })
        .prefault({}),
    })
    .prefault({}),
  Endpoint: z
    .object({ Ports: listOf(port), VirtualIPs: listOf(z.object({ NetworkID: text, Addr: text })) })
    .prefault({}),
  UpdateStatus: z.object({ State: text }).nullish(),
});

const task = z.object({
  ID: text,
  ServiceID: text,
  NodeID: text,
  Slot: whole,
  DesiredState: text,
  Spec: z.object({ ContainerSpec: z.object({ Labels: textMap }).nullish() }).prefault({}),
  Status: z
    .object({
      State: text,
      ContainerStatus: z.object({ ContainerID: text }).nullish(),
      PortStatus: z.object({ Ports: listOf(port) }).prefault({}),
    })
    .prefault({}),
  NetworksAttachments: listOf(
    z.object({ Network: z.object({ ID: text }).prefault({}), Addresses: listOf(z.string()) }),
  ),
});

const endpoint = z.object({ NetworkID: text, IPAddress: text, GlobalIPv6Address: text });

const container = z.object({
  Id: text,
  Names: listOf(z.string()),
  Image: text,
  ImageID: text,
  Labels: textMap,
  Ports: listOf(z.object({ IP: text, PrivatePort: whole, PublicPort: whole, Type: text })),
  HostConfig: z.object({ NetworkMode: text }).prefault({}),
  NetworkSettings: z
    .object({
      Networks: z
        .record(z.string(), endpoint.nullable())
        .nullish()
        .transform((value) => value ?? {}),
    })
    .prefault({}),
});

export type Network = z.infer<typeof network>;
export type Node = z.infer<typeof node>;
export type Service = z.infer<typeof service>;
export type Task = z.infer<typeof task>;
export type Container = z.infer<typeof container>;

/** The lists that are asked for. */
export const networkList: Resource<Network> = { path: "/networks", item: network };
export const nodeList: Resource<Node> = { path: "/nodes", item: node };
export const serviceList: Resource<Service> = { path: "/services", item: service };
export const taskList: Resource<Task> = { path: "/tasks", item: task };
/** Running ones only, as the daemon does unless asked. */
export const containerList: Resource<Container> = { path: "/containers/json", item: container };
