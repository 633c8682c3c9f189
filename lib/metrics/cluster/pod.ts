import {
  integer,
  type Json,
  list,
  record,
  type StringMap,
  text,
} from "../../discovery/kubernetes/objects/decode.ts";
import { decodeMeta, type KubernetesObject } from "../../discovery/kubernetes/objects/meta.ts";
import type { Resource } from "../../discovery/kubernetes/resources.ts";
import { noTime } from "../batch.ts";
import { parseTime } from "../time.ts";
import { decodeResources, type Resources } from "./resources.ts";

/** What cluster metrics read of a pod. */
export interface MetricsPod extends KubernetesObject {
  readonly nodeName: string;
  /** Unix nanoseconds; `noTime` before the kubelet took it. */
  readonly started: bigint;
  /** Init containers are not among them. */
  readonly containers: readonly PodContainer[];
  /** By the name of the container; only of those that have a status. */
  readonly restarts: ReadonlyMap<string, number>;
}

export interface PodContainer {
  readonly name: string;
  readonly image: string;
  readonly requests: Resources;
  readonly limits: Resources;
}

export const metricsPods: Resource<MetricsPod> = {
  name: "pods",
  api: "/api/v1",
  metadataOnly: false,
  decode: (object) => decodeMetricsPod(object),
};

const decodeMetricsPod = (object: Json): MetricsPod => {
  const spec = record(object.spec, "spec");
  const status = record(object.status, "status");
  return {
    meta: { ...decodeMeta(object), annotations: noAnnotations },
    nodeName: text(spec.nodeName, "spec.nodeName"),
    started: startedOf(text(status.startTime, "status.startTime")),
    containers: list(spec.containers, "spec.containers", decodeContainer),
    restarts: new Map(list(status.containerStatuses, "status.containerStatuses", decodeRestarts)),
  };
};

/** A cluster's pods are all held at the same time, and nobody reads these. */
const noAnnotations: StringMap = Object.freeze({});

const startedOf = (written: string): bigint => {
  const time = written === "" ? noTime : parseTime(written);
  if (time === undefined)
    throw new Error(`status.startTime: expected a time, got ${JSON.stringify(written)}`);
  return time;
};

const decodeContainer = (item: unknown): PodContainer => {
  const container = record(item, "spec.containers[]");
  const resources = record(container.resources, "spec.containers[].resources");
  return {
    name: text(container.name, "spec.containers[].name"),
    image: text(container.image, "spec.containers[].image"),
    requests: decodeResources(resources.requests, "spec.containers[].resources.requests"),
    limits: decodeResources(resources.limits, "spec.containers[].resources.limits"),
  };
};

const decodeRestarts = (item: unknown): [string, number] => {
  const status = record(item, "status.containerStatuses[]");
  return [
    text(status.name, "status.containerStatuses[].name"),
    integer(status.restartCount, "status.containerStatuses[].restartCount"),
  ];
};
