import { duration } from "../pure/time.ts";

/** Why there are no metrics to show, and what to do about it. */
export const NoMetrics = ({ state, resolution }: { state: string; resolution: number }) => {
  if (state === "off") return <HowTo />;
  const words = reasons[state] ?? "The server says that there are none.";
  return (
    <p class="nothing">
      {words}
      {state === "waiting" && resolution > 0 && ` Kubelets are read every ${duration(resolution)}.`}
    </p>
  );
};

const reasons: Readonly<Record<string, string>> = {
  waiting: "The first measurement is on its way.",
  "not kept": "Metrics are collected, but not kept here: the settings disable the metric sink.",
  "no cluster":
    "There is no cluster whose metrics you may read: a token needs every job for that, and the cluster.",
};

const HowTo = () => (
  <div class="how-to">
    <p>
      Rollcall can read the kubelets of your clusters and show what nodes, namespaces, pods and containers
      use. It is off until <code>rollcall.yml</code> says where to ask:
    </p>
    <pre>{`metrics:
  sources: ["kubernetes.summary_api:?kubeletHttps=true&kubeletPort=10250"]
`}</pre>
    <p>
      That asks every Kubernetes cluster of <code>clusters</code>, once a minute. Each cluster’s account needs{" "}
      <code>list</code> on nodes, pods and namespaces, and <code>get</code> on <code>nodes/stats</code>; add{" "}
      <code>&amp;kubeletProxy=true</code> where kubelets are reached only through the API server, which needs{" "}
      <code>nodes/proxy</code> instead. <code>docs/metrics.md</code> has the rest.
    </p>
  </div>
);
