import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { SdConfig } from "../../../lib/config/configuration.ts";
import { defaultHttpClient } from "../../../lib/config/http-client.ts";
import { followedBy, inOneWay } from "../../../lib/discovery/followed.ts";
import { provider } from "../../fakes/providers.ts";

const file: SdConfig = { mechanism: "file", files: ["a.json"], refreshInterval: 300_000 };
const http: SdConfig = {
  mechanism: "http",
  url: "http://127.0.0.1:1",
  refreshInterval: 60_000,
  httpClient: defaultHttpClient,
};

const byDefault = (config: SdConfig, every: number) =>
  followedBy(config, every, { asked: undefined, otherwise: "relay" });

describe("who keeps up with a provider", () => {
  test("is never a relay for what is written in the configuration", () => {
    const config: SdConfig = { mechanism: "static", groups: [] };
    assert.equal(followedBy(config, 1_000, { asked: "relay", otherwise: "relay" }), "schedule");
  });

  test("is a relay by default for what can only be polled where a schedule cannot keep its interval", () => {
    for (const every of [1_000, 30_000, 90_000]) assert.equal(byDefault(http, every), "relay");
    for (const every of [60_000, 300_000]) assert.equal(byDefault(http, every), "schedule");
  });

  test("is as wished for what a change is heard of, whatever its interval", () => {
    assert.equal(byDefault(file, 60_000), "relay");
    assert.equal(followedBy(file, 60_000, { asked: undefined, otherwise: "schedule" }), "schedule");
  });

  test("is what the settings ask for, against the default", () => {
    assert.equal(followedBy(http, 60_000, { asked: "relay", otherwise: "schedule" }), "relay");
    assert.equal(followedBy(http, 1_000, { asked: "schedule", otherwise: "relay" }), "schedule");
  });

  test("is the same for a whole cluster", () => {
    const providers = [
      provider({ id: "swarm/a", cluster: "c", follow: "relay" }),
      provider({ id: "swarm/b", cluster: "c" }),
      provider({ id: "swarm/d", cluster: "e" }),
    ];
    assert.deepEqual(
      inOneWay(providers).map(({ follow }) => follow),
      ["relay", "relay", "schedule"],
    );
  });
});
