import { keda, kedaOptions } from "../adapter/keda.ts";
import type { Command } from "../command.ts";

/** `rollcall adapter`: what the Kubernetes metrics APIs need around them. */
export const adapter: Command = {
  name: "adapter",
  summary: "translate prometheus-adapter's rules to KEDA's triggers, and back",
  operand: { name: "WHAT", values: ["keda"] },
  options: kedaOptions,
  details:
    "keda: writes a ScaledObject whose triggers ask what an HPA's metrics of the rules would ask, or the rules file that asks what\na ScaledObject's triggers ask. What has no counterpart is said on standard error. Ends with 1 when nothing can be translated.",
  isPlain: true,
  asksNobody: true,
  run: (given, io) => keda(given, io),
};
