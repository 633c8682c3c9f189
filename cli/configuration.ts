import { ConfigurationError } from "../lib/config/error.ts";
import { type Understood, understand } from "../lib/config/understand.ts";
import { reasonOf } from "../lib/errors.ts";
import { gather } from "../lib/tick/gather.ts";
import { type Given, UsageError } from "./command.ts";

export interface ReadConfiguration extends Understood {
  /** Where each kubeconfig points, for planning. */
  readonly servers: Readonly<Record<string, string>>;
}

/**
 * Reads the configuration and what belongs to it as the program itself does. Throws ConfigurationError with every finding,
 * and UsageError for a file that cannot be read. A block that means the cluster around the program is good here.
 */
export const readConfiguration = async (configFile: string, given: Given): Promise<ReadConfiguration> => {
  const files = {
    configFile,
    settingsFile: given.text("settings"),
    kubeconfigFile: given.text("kubeconfig"),
    inCluster: true,
  };
  try {
    const document = await gather(files);
    const understood = understand(document);
    return {
      ...understood,
      warnings: [...understood.warnings, ...homeless({ ...document, inCluster: false })],
      servers: document.servers,
    };
  } catch (thrown) {
    if (thrown instanceof ConfigurationError && !isUnreadable(thrown.cause)) throw thrown;
    throw new UsageError(reasonOf(thrown), { cause: thrown });
  }
};

/** What is only good inside a cluster, or together with more options. */
const homeless = (document: Parameters<typeof understand>[0]): string[] => {
  try {
    understand(document);
    return [];
  } catch (thrown) {
    if (thrown instanceof ConfigurationError) return thrown.findings.map(({ message }) => message);
    throw thrown;
  }
};

const isUnreadable = (cause: unknown) => cause instanceof Error && "code" in cause && "syscall" in cause;
