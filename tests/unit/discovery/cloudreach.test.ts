import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import type { SdConfig } from "../../../lib/config/configuration.ts";
import { parseConfiguration } from "../../../lib/config/parse.ts";
import { cloudReach } from "../../../lib/discovery/cloudreach.ts";
import { createFollow } from "../../../lib/discovery/followers.ts";
import { createDiscoverer } from "../../../lib/discovery/mechanisms.ts";
import type { Provider } from "../../../lib/discovery/provider.ts";
import { reasonOf } from "../../../lib/errors.ts";
import { provider } from "../../fakes/providers.ts";
import { createFolder } from "./kubernetes/tlsserver.ts";

const folder = createFolder();
after(folder.remove);
const path = folder.write("prometheus.yml", "");

const configOf = (block: string): SdConfig => {
  const text = `scrape_configs:\n- job_name: a\n  ${block}\n`;
  const [config] = parseConfiguration({ main: { path, text }, jobFiles: [] }).configuration.jobs[0]!
    .sdConfigs;
  return config!;
};

const kubeconfig = (user: object, cluster: object = {}) =>
  JSON.stringify({
    "current-context": "c",
    clusters: [{ name: "c", cluster: { server: "https://203.0.113.9", ...cluster } }],
    contexts: [{ name: "c", context: { cluster: "c", user: "u" } }],
    users: [{ name: "u", user }],
  });

folder.write("exec.yml", kubeconfig({ exec: { command: "true" } }));
folder.write("provider.yml", kubeconfig({ "auth-provider": { name: "oidc" } }));
folder.write("loopback.yml", kubeconfig({ token: "t" }, { server: "https://127.0.0.1:1" }));
folder.write("proxied.yml", kubeconfig({ token: "t" }, { "proxy-url": "http://169.254.169.254" }));
folder.write("socks.yml", kubeconfig({ token: "t" }, { "proxy-url": "socks5://203.0.113.8" }));
folder.write("tokenfile.yml", kubeconfig({ tokenFile: "/proc/self/environ" }));
folder.write("cafile.yml", kubeconfig({ token: "t" }, { "certificate-authority": "../ca.pem" }));

const hostile: [block: string, reason: RegExp][] = [
  ["kubernetes_sd_configs: [{role: pod, api_server: 'http://127.0.0.1:1'}]", /loopback/],
  ["kubernetes_sd_configs: [{role: pod, api_server: 'https://[::ffff:169.254.169.254]'}]", /loopback/],
  ["kubernetes_sd_configs: [{role: pod, kubeconfig_file: exec.yml}]", /plugin is refused in the cloud/],
  ["kubernetes_sd_configs: [{role: pod, kubeconfig_file: provider.yml}]", /plugin is refused in the cloud/],
  ["kubernetes_sd_configs: [{role: pod, kubeconfig_file: loopback.yml}]", /loopback/],
  ["kubernetes_sd_configs: [{role: pod, kubeconfig_file: proxied.yml}]", /loopback/],
  ["kubernetes_sd_configs: [{role: pod, kubeconfig_file: socks.yml}]", /must be http or https/],
  [
    "kubernetes_sd_configs: [{role: pod, kubeconfig_file: tokenfile.yml}]",
    /"\/proc\/self\/environ" is outside/,
  ],
  ["kubernetes_sd_configs: [{role: pod, kubeconfig_file: cafile.yml}]", /is outside/],
  ["swarm_sd_configs: [{masters: ['http://169.254.169.254']}]", /loopback/],
  ["dockerswarm_sd_configs: [{host: 'tcp://localhost:2375', role: nodes}]", /loopback/],
  ["docker_sd_configs: [{host: 'unix:///var/run/docker.sock'}]", /not reached from the cloud/],
  ["http_sd_configs: [{url: 'http://169.254.170.2/v2/credentials'}]", /loopback/],
  ["http_sd_configs: [{url: 'http://203.0.113.9/', proxy_url: 'http://127.0.0.1:9001'}]", /loopback/],
  ["http_sd_configs: [{url: 'http://203.0.113.9/', bearer_token_file: /proc/self/environ}]", /is outside/],
  ["file_sd_configs: [{files: ['../*.json']}]", /is outside/],
];

const of = (block: string): Provider => {
  const config = configOf(block);
  return provider({ id: `${config.mechanism}/000000000000`, config });
};

describe("in the cloud", () => {
  const reach = cloudReach({ configFile: path }, Date.now);
  for (const [block, reason] of hostile) {
    test(`a look refuses ${block}`, async () => {
      const [outcome] = await createDiscoverer(reach)([of(block)], AbortSignal.timeout(5000));
      const told = outcome && "error" in outcome ? reasonOf(outcome.error) : outcome?.look.problems.join();
      assert.match(told ?? "", reason);
    });
  }

  test("a relay refuses the same", async () => {
    for (const [block, reason] of hostile.filter(
      ([block]) => /loopback|exec/.test(block) || block.startsWith("kub"),
    )) {
      const followed = of(block);
      const follow = createFollow({ reach });
      const listener = { changed: () => undefined, lookAgain: () => undefined };
      const following = follow({ cluster: "c", providers: [followed] }, listener);
      try {
        const [outcome] = await following.look([followed], AbortSignal.timeout(5000));
        const told = outcome && "error" in outcome ? reasonOf(outcome.error) : outcome?.look.problems.join();
        assert.match(told ?? "", reason, block);
      } finally {
        await following.end({ keep: false });
      }
    }
  });
});
