import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { AcceptedConfigurations, AcceptedDocument } from "../../lib/config/accepted.ts";

export interface AcceptedFixture {
  readonly accepted: AcceptedConfigurations;
  /** Another process on the same store. */
  readonly other: AcceptedConfigurations;
  readonly pass: (milliseconds: number) => void;
  readonly now: () => number;
}

export const acceptedContract = (name: string, makeAccepted: () => Promise<AcceptedFixture>) =>
  describe(`accepted configurations on ${name}`, () => {
    test("are none at first", async () => {
      const { accepted } = await makeAccepted();
      assert.equal(await accepted.current(), undefined);
    });

    test("give every process the last document with its hash and time", async () => {
      const { accepted, other, now } = await makeAccepted();
      const full: AcceptedDocument = {
        main: { path: "prometheus.yml", text: "scrape_configs: []\n" },
        jobFiles: [{ path: "jobs/ä.yml", text: "€" }],
        settings: { path: "rollcall.yml", text: "clusters: []" },
        values: { "${ssm:/name}": "prod" },
        servers: { "kube/b": "https://b:6443", "kube/a": "https://a:6443" },
        kubeconfig: "kube/a",
        inCluster: true,
        follow: "relay",
      };
      const first = await accepted.accept(full);
      assert.deepEqual(first, { hash: first.hash, acceptedAt: now(), document: full });
      assert.match(first.hash, /^[0-9a-f]{64}$/);
      assert.deepEqual(await other.current(), first);
      const second = await other.accept(documentOf("other"));
      assert.notEqual(second.hash, first.hash);
      assert.deepEqual(await accepted.current(), second);
      assert.deepEqual(await other.current(), { ...second, document: documentOf("other") });
    });

    test("keep the time of a document that is accepted again", async () => {
      const { accepted, pass } = await makeAccepted();
      const first = await accepted.accept(documentOf("same"));
      pass(60_000);
      assert.deepEqual(await accepted.accept(documentOf("same")), first);
    });

    test("come back to an earlier document", async () => {
      const { accepted, pass } = await makeAccepted();
      const texts = ["a", "b", "a", "c", "a"];
      for (const text of texts) {
        await accepted.accept(documentOf(text));
        pass(13 * 3_600_000);
        assert.deepEqual((await accepted.current())?.document, documentOf(text));
      }
    });

    test("hash a document alike, in whatever order its servers were found", async () => {
      const { accepted } = await makeAccepted();
      const one = await accepted.accept({ ...documentOf("x"), servers: { a: "1", b: "2" } });
      const two = await accepted.accept({ ...documentOf("x"), servers: { b: "2", a: "1" } });
      assert.equal(one.hash, two.hash);
    });

    test("are another document when what a reference of the settings stands for is another", async () => {
      const { accepted } = await makeAccepted();
      const values = { "${ssm:/a}": "1", "${ssm:/b}": "2" };
      const one = await accepted.accept({ ...documentOf("x"), values });
      const other = await accepted.accept({ ...documentOf("x"), values: { ...values, "${ssm:/b}": "3" } });
      assert.notEqual(one.hash, other.hash);
      assert.equal((await accepted.current())?.document.values?.["${ssm:/b}"], "3");
    });

    test("have another hash once the default of who keeps up with clusters changes, and the schedule is what none says", async () => {
      const { accepted } = await makeAccepted();
      const before = await accepted.accept(documentOf("x"));
      assert.equal((await accepted.accept({ ...documentOf("x"), follow: "schedule" })).hash, before.hash);
      assert.notEqual((await accepted.accept({ ...documentOf("x"), follow: "relay" })).hash, before.hash);
      assert.equal((await accepted.current())?.document.follow, "relay");
    });

    test("take a document of megabytes", async () => {
      const { accepted, other } = await makeAccepted();
      const text = Array.from({ length: 150_000 }, (_, line) => `- line ${line * 7919}`).join("\n");
      await accepted.accept(documentOf(text));
      assert.equal((await other.current())?.document.main.text, text);
    });

    test("end with one of those accepted at the same time", async () => {
      const { accepted, other } = await makeAccepted();
      const texts = ["a", "b", "c", "d"];
      await Promise.all(texts.map((text, at) => (at % 2 ? accepted : other).accept(documentOf(text))));
      const [mine, theirs] = [await accepted.current(), await other.current()];
      assert.deepEqual(mine, theirs);
      assert.ok(texts.includes(mine?.document.main.text ?? ""));
    });

    test("give one key for provider ids to all who ask, however they race", async () => {
      const { accepted, other } = await makeAccepted();
      const keys = await Promise.all(
        Array.from({ length: 20 }, (_, at) => (at % 2 ? accepted : other).providerKey()),
      );
      assert.equal(new Set(keys.map((key) => key.toString("hex"))).size, 1);
      assert.equal(keys[0]?.length, 32);
    });
  });

const documentOf = (text: string): AcceptedDocument => ({
  main: { path: "prometheus.yml", text },
  jobFiles: [],
  servers: {},
  inCluster: false,
});
