import type { PlanReader } from "../discovery/current.ts";
import type { Ticked } from "../tick/tick.ts";
import type { Access } from "./access.ts";
import { admit, isRefusal } from "./admit.ts";
import { type Answer, text } from "./answer.ts";
import { isRequest, readRequest } from "./request.ts";

export interface ReloadParts {
  readonly plan: PlanReader;
  /** Unix milliseconds. */
  readonly clock: () => number;
}

/**
 * `POST /-/reload` is a tick that somebody asked for: 200 once the configuration is accepted, 500 with the reason
 * when it is not, as Prometheus answers. Anything that is no request is a plain tick.
 */
export const answerReload =
  <Result extends Pick<Ticked, "configuration">>(
    parts: ReloadParts,
    tick: (options: { everything: boolean }) => Promise<Result>,
  ) =>
  async (event: unknown): Promise<Answer | Result> => {
    if (!isRequest(event)) return tick({ everything: isStart(event) });
    const tokens = (await parts.plan())?.settings.tokens ?? [];
    const access = admit(readRequest(event), { tokens, now: parts.clock(), operate: true });
    if (isRefusal(access)) return access;
    const { configuration } = await tick({ everything: false });
    if (configuration.outcome === "kept")
      return text(500, `failed to reload config: ${seesAll(access) ? configuration.reason : hidden}\n`);
    return text(200, "");
  };

/** What is wrong may name any job and any cluster. */
const seesAll = ({ readsEveryJob, readsEveryCluster }: Access) => readsEveryJob && readsEveryCluster;
const hidden =
  'the files are refused; why is in the log, and told to a token that reads all (jobs: ["*"], clusters: ["*"])';

/** The local run says so once, with its first tick. */
const isStart = (event: unknown) =>
  typeof event === "object" && event !== null && "start" in event && event.start === true;
