import assert from "node:assert/strict";
import { after, test } from "node:test";
import { defaultHttpClient } from "../../../../lib/config/http-client.ts";
import { createTransport } from "../../../../lib/http/client.ts";
import { createKubelet } from "../../../../lib/metrics/kubelet/kubelet.ts";
import { startKubelet } from "../../../fakes/kubelet.ts";
import { recipe } from "./recipe.ts";

test("a kubelet is asked at an IPv6 address in brackets", async () => {
  const kubelet = await startKubelet({ address: "::1", answer: () => recipe });
  const transport = createTransport(defaultHttpClient);
  after(async () => {
    transport.close();
    await kubelet.close();
  });
  const node = { name: "test", hostname: "test", hostId: "", address: "::1", unschedulable: false };
  const source = createKubelet(node, {
    kind: "kubernetes.summary_api",
    settings: { port: kubelet.port, https: false, insecure: false, proxy: false },
    transport,
    server: new URL("http://127.0.0.1:9"),
    now: () => Date.parse("2026-01-01T01:00:05Z"),
  });
  const sets = await source.scrape({ start: 0, end: 60_000 }, AbortSignal.timeout(5_000));
  assert.equal(sets.size, 18);
});
