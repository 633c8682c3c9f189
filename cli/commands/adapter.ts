import { keda, kedaOptions } from "../adapter/keda.ts";
import { manifests, manifestsOptions } from "../adapter/manifests.ts";
import type { Command } from "../command.ts";

/** `rollcall adapter`: what the Kubernetes metrics APIs need around them. */
export const adapter: Command = {
  name: "adapter",
  summary: "write what the metrics APIs need in a cluster; translate rules to KEDA's triggers, and back",
  operand: { name: "WHAT", values: ["manifests", "keda"] },
  options: {
    ...manifestsOptions,
    ...kedaOptions,
    namespace: {
      kind: "text",
      value: "NAME",
      about: "of the Service, rollcall unless given; of the workload, default unless given",
    },
  },
  details:
    "manifests: writes a Service that names the endpoint, an APIService for each version of the metrics APIs, and the rights that\nRollcall's account needs in the cluster, for `kubectl apply -f -`. The certificate at the endpoint must be for the name\nNAME.NAMESPACE.svc, which is what API servers ask for.\nkeda: writes a ScaledObject whose triggers ask what an HPA's metrics of the rules would ask, or the rules file that asks what\na ScaledObject's triggers ask. What has no counterpart is said on standard error. Ends with 1 when nothing can be translated.",
  isPlain: true,
  asksNobody: true,
  run: (given, io) => (given.operand === "keda" ? keda(given, io) : manifests(given, io)),
};
