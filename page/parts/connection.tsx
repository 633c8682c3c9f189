import { useConnection } from "../live/connection.ts";
import { useNow } from "../live/now.ts";
import { duration } from "../pure/time.ts";

/** Whether what is shown is of now. A screen reader hears only that the connection went and came back. */
export const ConnectionMark = () => {
  const { state, at, error } = useConnection();
  const now = useNow();
  const age = duration((now - at) / 1000);
  return (
    <div class={`connection connection-${state}`} title={error === "" ? undefined : `Last failure: ${error}`}>
      <span class="dot" aria-hidden="true" />
      <span role="status">{words[state]}</span>
      {state === "lost" && at > 0 && <span class="age">as of {age} ago</span>}
    </div>
  );
};

const words = { opening: "Connecting…", live: "Live", lost: "No answer; trying again" } as const;
