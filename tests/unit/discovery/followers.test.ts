import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Follow } from "../../../lib/discovery/follower.ts";
import { followEach } from "../../../lib/discovery/followers.ts";
import type { Provider } from "../../../lib/discovery/provider.ts";
import { provider } from "../../fakes/providers.ts";

const file = provider({ id: "file/1", config: { mechanism: "file", files: [], refreshInterval: 1_000 } });
const statics = [provider({ id: "static/1" }), provider({ id: "static/2" })];

/** A follow that remembers what it was asked for. */
const spy = () => {
  const said: string[] = [];
  const ids = (providers: readonly Provider[]) => providers.map(({ id }) => id).join(" ");
  const follow: Follow = ({ cluster, providers }) => {
    said.push(`follow ${cluster}: ${ids(providers)}`);
    return {
      look: async (wanted) => {
        said.push(`look: ${ids(wanted)}`);
        return wanted.map((one) => ({ provider: one, error: new Error(one.id) }));
      },
      prepare: ({ id }) => (id === "static/1" ? Promise.resolve() : undefined),
      troubles: ({ id }) => [`trouble of ${id}`],
      end: async ({ keep }) => void said.push(`end, ${keep ? "keep" : "let go"}`),
    };
  };
  return { said, follow };
};

const never: Follow = () => assert.fail("a mechanism that the cluster does not have");

const start = () => {
  const [ofFiles, ofStatics] = [spy(), spy()];
  const follow = followEach({
    kubernetes: never,
    swarm: never,
    dockerswarm: never,
    docker: never,
    http: never,
    file: ofFiles.follow,
    static: ofStatics.follow,
  });
  const providers = [statics[0]!, file, statics[1]!];
  const listener = { changed: () => assert.fail(), lookAgain: () => assert.fail() };
  return { following: follow({ cluster: "c", providers }, listener), providers, ofFiles, ofStatics };
};

describe("following a cluster of several mechanisms", () => {
  test("each mechanism follows its own providers, and only mechanisms that there are", () => {
    const { ofFiles, ofStatics } = start();
    assert.deepEqual(ofFiles.said, ["follow c: file/1"]);
    assert.deepEqual(ofStatics.said, ["follow c: static/1 static/2"]);
  });

  test("a look goes to those it is about, and gives one outcome per provider", async () => {
    const { following, providers, ofFiles, ofStatics } = start();
    const { signal } = new AbortController();
    const outcomes = await following.look(providers, signal);
    assert.deepEqual(outcomes.map((one) => one.provider.id).sort(), ["file/1", "static/1", "static/2"]);
    await following.look([file], signal);
    assert.deepEqual(ofFiles.said.slice(1), ["look: file/1", "look: file/1"]);
    assert.deepEqual(ofStatics.said.slice(1), ["look: static/1 static/2"]);
  });

  test("what is prepared is prepared by the provider's own mechanism, where that has something to prepare", async () => {
    const { following, providers } = start();
    const preparing = providers.map((one) => following.prepare(one));
    assert.deepEqual(
      preparing.map((one) => one instanceof Promise),
      [true, false, false],
    );
  });

  test("troubles are those of the provider's own mechanism; the end is everybody's", async () => {
    const { following, ofFiles, ofStatics } = start();
    assert.deepEqual(following.troubles(file), ["trouble of file/1"]);
    await following.end({ keep: true });
    assert.equal(ofFiles.said.at(-1), "end, keep");
    assert.equal(ofStatics.said.at(-1), "end, keep");
  });
});
