import { writeQuantity } from "../../metrics/cluster/quantity.ts";
import type { MeasuredAnswer } from "./measured.ts";

/** A table of Kubernetes's (`meta.k8s.io`), as kubectl prints it; its columns come from what is measured, so that none are there without rows (spec B9). */
export const tableOf = ({ rows }: MeasuredAnswer, version: TableVersion, query: URLSearchParams): object => ({
  kind: "Table",
  apiVersion: `meta.k8s.io/${version}`,
  metadata: {},
  columnDefinitions: rows.length === 0 ? [] : columns,
  rows: rows.map(({ object, total }) => ({
    cells: [
      object.metadata.name,
      writeQuantity(total.cpu, "decimal"),
      writeQuantity(total.memory, "binary"),
      object.window,
    ],
    object: partOf(object, version, query),
  })),
});

export type TableVersion = "v1" | "v1beta1";

const column = (name: string, format: string, description: string) => ({
  name,
  type: "string",
  format,
  description,
  priority: 0,
});

const columns = [
  column("Name", "name", "Name of the resource"),
  column("cpu", "quantity", "Used cores"),
  column("memory", "quantity", "Used bytes"),
  column("Window", "duration", "What rates are over"),
];

const partOf = (
  object: MeasuredAnswer["rows"][number]["object"],
  version: TableVersion,
  query: URLSearchParams,
) => {
  const included = query.get("includeObject") ?? "Metadata";
  if (included === "None") return null;
  if (included === "Object") return object;
  return { kind: "PartialObjectMetadata", apiVersion: `meta.k8s.io/${version}`, metadata: object.metadata };
};

/** The version of a table that the client would rather have than JSON; undefined when it wants none. */
export const tableIn = (accept: readonly string[] | undefined): TableVersion | undefined => {
  for (const clause of (accept ?? []).flatMap((header) => header.split(","))) {
    const [type = "", ...rest] = clause.split(";").map((part) => part.trim());
    const parameters = new Map(rest.map((part) => part.split("=", 2) as [string, string]));
    const version = parameters.get("v");
    if (parameters.get("as") === "Table" && parameters.get("g") === "meta.k8s.io") {
      if (version === "v1" || version === "v1beta1") return version;
    } else if (["application/json", "application/*", "*/*"].includes(type)) return undefined;
  }
  return undefined;
};
