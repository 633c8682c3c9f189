import {
  type AcceptedConfigurations,
  type AcceptedDocument,
  ConfigurationMoved,
} from "../config/accepted.ts";
import { understand } from "../config/understand.ts";
import { tellsUnreadable } from "../credential/missing.ts";
import { reasonOf } from "../errors.ts";
import type { Log } from "../log.ts";

export interface AcceptParts {
  /** Reads the files as they are now; `servers` is where the kubeconfigs pointed before. */
  readonly gather: (servers: AcceptedDocument["servers"]) => Promise<AcceptedDocument>;
  readonly accepted: AcceptedConfigurations;
  readonly log: Log;
}

/** `kept`: the files are broken ("refused") or cannot be read ("missing"), and the configuration accepted before goes on. */
export type Acceptance =
  | { readonly outcome: "unchanged" | "accepted" }
  | { readonly outcome: "kept"; readonly reason: string; readonly fault: "refused" | "missing" };

/**
 * What the files say becomes the current configuration, if it is valid. A broken file changes nothing and says why
 * (ADR 6): every other function reads only what was accepted here.
 */
export const acceptConfiguration = async (parts: AcceptParts): Promise<Acceptance> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await acceptOnce(parts);
    } catch (error) {
      // A tick that was slow between reading and accepting would put older files back.
      if (!(error instanceof ConfigurationMoved) || tries === mostTries) throw error;
    }
  }
};

const mostTries = 3;

const acceptOnce = async ({ gather, accepted, log }: AcceptParts): Promise<Acceptance> => {
  const current = await accepted.current();
  let document: AcceptedDocument;
  try {
    document = await gather(current?.document.servers ?? {});
    for (const warning of understand(document).warnings) if (current === undefined) log.warn(warning);
  } catch (error) {
    const reason = reasonOf(error);
    log.error("configuration refused; the accepted one goes on", { reason });
    return { outcome: "kept", reason, fault: tellsUnreadable(reason) ? "missing" : "refused" };
  }
  await accepted.providerKey();
  const { hash } = await accepted.accept(document, { insteadOf: current?.hash });
  if (hash === current?.hash) return { outcome: "unchanged" };
  log.info("configuration accepted", { hash });
  return { outcome: "accepted" };
};
