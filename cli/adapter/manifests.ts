import { readFile } from "node:fs/promises";
import { stringify } from "yaml";
import { groups } from "../../lib/adapter/api/groups.ts";
import { readAuthorities } from "../../lib/adapter/identity/certificate.ts";
import { reasonOf } from "../../lib/errors.ts";
import { type Exit, type Given, type Io, type Options, UsageError } from "../command.ts";
import type { Account } from "../rbac/manifest.ts";
import { registrationObjects } from "./objects.ts";

const apis = groups.map(({ name }) => name);

export const manifestsOptions: Options = {
  endpoint: { kind: "text", value: "HOST[:PORT]", about: "manifests: where the adapter answers; needed" },
  "ca-file": {
    kind: "text",
    value: "FILE",
    isFile: true,
    about: "manifests: the authority of its certificate; without it the certificate is not verified",
  },
  name: {
    kind: "text",
    value: "NAME",
    about: "manifests: of all that is made; rollcall-adapter unless given",
  },
  namespace: { kind: "text", value: "NAME", about: "manifests: of the Service; rollcall unless given" },
  api: { kind: "texts", values: apis, value: "GROUP", about: "manifests: which API; all unless given" },
  resource: {
    kind: "texts",
    value: "PLURAL[.GROUP]",
    about:
      "manifests: a resource that metrics are asked for by selector, beside pods, nodes, services and namespaces",
  },
  group: {
    kind: "text",
    value: "NAME",
    about: "manifests: give the adapter's rights to this group; no service account is made",
  },
};

/** `rollcall adapter manifests`: what a cluster needs to find an adapter at an endpoint, for `kubectl apply -f -`. */
export const manifests = async (given: Given, io: Io): Promise<Exit> => {
  const namespace = label("--namespace", given.text("namespace") ?? "rollcall");
  const asked = given.texts("api");
  const objects = registrationObjects({
    ...endpointIn(given.text("endpoint")),
    name: label("--name", given.text("name") ?? "rollcall-adapter"),
    namespace,
    authority: await authorityIn(given.text("ca-file")),
    apis: asked.length > 0 ? asked : apis,
    resources: given.texts("resource").map(resource),
    account: accountIn(given.text("group"), namespace),
  });
  io.out.write(objects.map((object) => stringify(object)).join("---\n"));
  return 0;
};

/** An ExternalName is a name; what looks like an address is refused by the cluster, or looked up as a name by others. */
const endpointIn = (text: string | undefined): { host: string; port: number } => {
  if (text === undefined) throw new UsageError("adapter manifests needs --endpoint HOST[:PORT]");
  const [, host = "", digits = "443"] = /^([a-z0-9][a-z0-9.-]{0,252})(?::(\d{1,5}))?$/.exec(text) ?? [];
  const port = Number(digits);
  if (host === "" || /^[\d.]+$/.test(host) || port < 1 || port > 65_535)
    throw new UsageError(`--endpoint ${text}: expected HOST[:PORT], the host by name, in small letters`);
  return { host, port };
};

const authorityIn = async (file: string | undefined): Promise<string | undefined> => {
  if (file === undefined) return undefined;
  try {
    const pem = await readFile(file, "utf8");
    readAuthorities(pem, file);
    return pem;
  } catch (error) {
    throw new UsageError(`--ca-file ${file}: ${reasonOf(error)}`, { cause: error });
  }
};

const label = (option: string, text: string): string => {
  if (/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(text)) return text;
  throw new UsageError(`${option} ${text}: expected small letters, digits and hyphens, 63 at most`);
};

const resource = (text: string): string => {
  if (/^[a-z0-9-]+(\.[a-z0-9.-]+)?$/.test(text)) return text;
  throw new UsageError(`--resource ${text}: expected PLURAL or PLURAL.GROUP, such as deployments.apps`);
};

const accountIn = (group: string | undefined, namespace: string): Account => {
  if (group === undefined) return { kind: "ServiceAccount", namespace };
  if (group.startsWith("system:"))
    throw new UsageError(`--group ${group}: groups of system: are Kubernetes' own`);
  return { kind: "Group", group };
};
