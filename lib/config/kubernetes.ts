import {
  type AttachMetadata,
  type KubernetesAccess,
  type KubernetesRole,
  type KubernetesSdConfig,
  kubernetesRoles,
} from "./configuration.ts";
import { urlText } from "./credential-types.ts";
import { Refusal, type Type } from "./decode.ts";
import type { Place } from "./error.ts";
import { fieldSelectorError } from "./field-selector.ts";
import { quoted } from "./go-text.ts";
import { type HttpClientDraft, httpClientDraft } from "./http-client.ts";
import { labelSelectorError } from "./label-selector.ts";
import { joined } from "./paths.ts";
import { fieldsOf, type PlaceOf, struct } from "./struct.ts";
import { boolean, listOf, refined, text } from "./types.ts";

/** An entry of `kubernetes_sd_configs` (spec §2.1). */
export const kubernetesBlock = (folder: string): Type<KubernetesSdConfig | undefined> =>
  struct<KubernetesSdConfig | undefined>({
    name: "kubernetes.plain",
    zero: undefined,
    begin: (decoder) => {
      const draft: Written = { ...nothing };
      const field = fieldsOf(decoder);
      const http = httpClientDraft(decoder, folder);
      return {
        fields: {
          role: field(role, (value) => (draft.role = value)),
          api_server: field(urlText(false), (value) => (draft.apiServer = value)),
          kubeconfig_file: field(text, (value) => (draft.kubeconfigFile = joined(folder, value))),
          namespaces: field(namespaces, (value) => (draft.namespaces = value)),
          selectors: field(listOf("[]kubernetes.SelectorConfig", selector), (value) => {
            draft.selectors = value ?? [];
          }),
          attach_metadata: field(attachMetadata, (value) => (draft.attachMetadata = value)),
          ...http.fields,
        },
        finish: (at) => {
          const found = draft.role;
          if (found === "") throw new Refusal(at("role"), roleMissing);
          http.check(at);
          checkAccess({ draft, isCustom: http.isCustom(), at });
          return {
            mechanism: "kubernetes",
            role: found,
            access: accessOf({ draft, http, at }),
            namespaces: draft.namespaces,
            selectors: checkSelectors(found, draft.selectors),
            attachMetadata: draft.attachMetadata,
          };
        },
      };
    },
  });

const roleMissing = "role missing (one of: pod, service, endpoints, endpointslice, node, ingress)";

interface Written {
  role: KubernetesRole | "";
  apiServer: string | undefined;
  kubeconfigFile: string;
  namespaces: KubernetesSdConfig["namespaces"];
  selectors: readonly WrittenSelector[];
  attachMetadata: AttachMetadata;
}

interface WrittenSelector {
  readonly place: Place | undefined;
  readonly role: KubernetesRole | "";
  readonly label: string;
  readonly field: string;
}

const everywhere = { names: [], ownNamespace: false };
const nothingAttached = { node: false, namespace: false, deployment: false, job: false, cronjob: false };
const nothing: Written = {
  role: "",
  apiServer: undefined,
  kubeconfigFile: "",
  namespaces: everywhere,
  selectors: [],
  attachMetadata: nothingAttached,
};

const role = refined<string, KubernetesRole | "">(text, "", (value, place) => {
  const known = kubernetesRoles.find((each) => each === value);
  if (known === undefined) throw new Refusal(place, `unknown Kubernetes SD role ${quoted(value)}`);
  return known;
});

const namespaces = struct<KubernetesSdConfig["namespaces"]>({
  name: "kubernetes.plain",
  zero: everywhere,
  begin: (decoder) => {
    let [names, ownNamespace]: [readonly string[], boolean] = [[], false];
    const field = fieldsOf(decoder);
    return {
      fields: {
        names: field(listOf("[]string", text), (value) => (names = value ?? [])),
        own_namespace: field(boolean, (value) => (ownNamespace = value)),
      },
      finish: () => ({ names, ownNamespace }),
    };
  },
});

const selector = struct<WrittenSelector>({
  name: "kubernetes.SelectorConfig",
  zero: { place: undefined, role: "", label: "", field: "" },
  begin: (decoder) => {
    const draft: { role: KubernetesRole | ""; label: string; field: string } = {
      role: "",
      label: "",
      field: "",
    };
    const field = fieldsOf(decoder);
    return {
      fields: {
        role: field(role, (value) => (draft.role = value)),
        label: field(text, (value) => (draft.label = value)),
        field: field(text, (value) => (draft.field = value)),
      },
      finish: (at) => ({ place: at(""), ...draft }),
    };
  },
});

const attachMetadata = struct<AttachMetadata>({
  name: "kubernetes.AttachMetadataConfig",
  zero: nothingAttached,
  completes: true,
  begin: (decoder) => {
    const draft = { ...nothingAttached };
    const field = fieldsOf(decoder);
    return {
      fields: {
        node: field(boolean, (value) => (draft.node = value)),
        namespace: field(boolean, (value) => (draft.namespace = value)),
        deployment: field(boolean, (value) => (draft.deployment = value)),
        job: field(boolean, (value) => (draft.job = value)),
        cronjob: field(boolean, (value) => (draft.cronjob = value)),
      },
      finish: () => draft,
    };
  },
});

const checkAccess = ({ draft, isCustom, at }: { draft: Written; isCustom: boolean; at: PlaceOf }) => {
  const hasServer = draft.apiServer !== undefined;
  const hasKubeconfig = draft.kubeconfigFile !== "";
  const refuse = (key: string, message: string) => {
    throw new Refusal(at(key), message);
  };
  if (hasKubeconfig && hasServer) {
    refuse("kubeconfig_file", "cannot use 'kubeconfig_file' and 'api_server' simultaneously");
  }
  if (hasKubeconfig && isCustom) {
    refuse(
      "kubeconfig_file",
      "cannot use a custom HTTP client configuration together with 'kubeconfig_file'",
    );
  }
  if (!hasServer && isCustom) {
    refuse("", "to use custom HTTP client configuration please provide the 'api_server' URL explicitly");
  }
  if (hasServer && draft.namespaces.ownNamespace) {
    refuse("namespaces", "cannot use 'api_server' and 'namespaces.own_namespace' simultaneously");
  }
  if (hasKubeconfig && draft.namespaces.ownNamespace) {
    refuse("namespaces", "cannot use 'kubeconfig_file' and 'namespaces.own_namespace' simultaneously");
  }
};

const accessOf = ({
  draft,
  http,
  at,
}: {
  draft: Written;
  http: HttpClientDraft;
  at: PlaceOf;
}): KubernetesAccess => {
  if (draft.apiServer !== undefined)
    return { kind: "api-server", url: draft.apiServer, httpClient: http.build(at) };
  return draft.kubeconfigFile === ""
    ? { kind: "default" }
    : { kind: "kubeconfig", file: draft.kubeconfigFile };
};

/** Which objects a role reads, and so may select among. */
const selectable: Readonly<Record<KubernetesRole, readonly KubernetesRole[]>> = {
  pod: ["pod", "node"],
  service: ["service"],
  endpoints: ["pod", "service", "endpoints"],
  endpointslice: ["pod", "service", "endpointslice"],
  node: ["node"],
  ingress: ["ingress"],
};

const checkSelectors = (
  of: KubernetesRole,
  selectors: readonly WrittenSelector[],
): KubernetesSdConfig["selectors"] => {
  const seen = new Set<string>();
  return selectors.map(({ place = { line: 1, column: 1 }, ...written }) => {
    if (seen.has(written.role)) throw new Refusal(place, `duplicated selector role: ${written.role}`);
    seen.add(written.role);
    const allowed = selectable[of].find((each) => each === written.role);
    if (allowed === undefined) {
      throw new Refusal(place, `${of} role supports only ${selectable[of].join(", ")} selectors`);
    }
    const error = fieldSelectorError(written.field) ?? labelSelectorError(written.label);
    if (error !== undefined) throw new Refusal(place, error);
    return { ...written, role: allowed };
  });
};
