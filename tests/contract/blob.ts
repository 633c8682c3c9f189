import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { describe, test } from "node:test";
import type { Blobs } from "../../lib/blob/blob.ts";

export interface BlobFixture {
  readonly blobs: Blobs;
  readonly pass: (milliseconds: number) => void;
  readonly now: () => number;
}

export const blobContract = (name: string, makeBlobs: () => Promise<BlobFixture>) =>
  describe(`blobs on ${name}`, () => {
    for (const size of [0, 1, 349_999, 350_000, 350_001, 1_500_000]) {
      test(`give back ${size} bytes`, async () => {
        const { blobs } = await makeBlobs();
        const bytes = randomBytes(size);
        await blobs.put("some/key#1", bytes);
        assert.deepEqual(Buffer.from((await blobs.get("some/key#1")) ?? []), bytes);
        assert.notEqual(await blobs.get("some/key#1"), undefined);
      });
    }

    test("are undefined when there is none, also below another's key", async () => {
      const { blobs } = await makeBlobs();
      await blobs.put("key1", Buffer.from("one"));
      assert.equal(await blobs.get("key"), undefined);
      assert.equal(await blobs.get("key11"), undefined);
    });

    test("expire by the reader's clock", async () => {
      const { blobs, pass, now } = await makeBlobs();
      await blobs.put("key", Buffer.from("one"), now() + 2_000);
      pass(1_999);
      assert.notEqual(await blobs.get("key"), undefined);
      pass(1);
      assert.equal(await blobs.get("key"), undefined);
    });

    test("live longer when written again, and never shorter", async () => {
      const { blobs, pass, now } = await makeBlobs();
      await blobs.put("key", Buffer.from("one"), now() + 2_000);
      await blobs.put("key", Buffer.from("one"), now() + 9_000);
      await blobs.put("key", Buffer.from("one"), now() + 1_000);
      pass(8_999);
      assert.notEqual(await blobs.get("key"), undefined);
      await blobs.put("key", Buffer.from("one"));
      await blobs.put("key", Buffer.from("one"), now() + 1_000);
      pass(1e12);
      assert.notEqual(await blobs.get("key"), undefined);
    });

    test("come back after they had expired", async () => {
      const { blobs, pass, now } = await makeBlobs();
      await blobs.put("key", Buffer.from("one"), now() + 1_000);
      pass(5_000);
      await blobs.put("key", Buffer.from("one"), now() + 1_000);
      assert.deepEqual(Buffer.from((await blobs.get("key")) ?? []), Buffer.from("one"));
    });

    test("are gone once removed, pieces and all", async () => {
      const { blobs } = await makeBlobs();
      await blobs.put("key", randomBytes(1_500_000));
      await blobs.remove("key");
      assert.equal(await blobs.get("key"), undefined);
      await blobs.remove("key");
      await blobs.put("key", Buffer.from("small"));
      assert.deepEqual(Buffer.from((await blobs.get("key")) ?? []), Buffer.from("small"));
    });

    test("that were kept end when they are told to, and those that end later do not end earlier", async () => {
      const { blobs, pass, now } = await makeBlobs();
      const bytes = randomBytes(800_000);
      await blobs.put("kept", bytes);
      await blobs.put("ending", bytes, now() + 9_000);
      await blobs.expire("kept", now() + 2_000);
      await blobs.expire("ending", now() + 2_000);
      await blobs.expire("nobody's", now() + 2_000);
      pass(1_999);
      assert.deepEqual(Buffer.from((await blobs.get("kept")) ?? []), bytes);
      pass(1);
      assert.equal(await blobs.get("kept"), undefined);
      assert.deepEqual(Buffer.from((await blobs.get("ending")) ?? []), bytes);
      assert.equal(await blobs.get("nobody's"), undefined);
    });

    test("survive being written by several at once", async () => {
      const { blobs, now } = await makeBlobs();
      const bytes = randomBytes(800_000);
      await Promise.all([1, 2, 3, 4].map((n) => blobs.put("key", bytes, now() + n * 1_000)));
      assert.deepEqual(Buffer.from((await blobs.get("key")) ?? []), bytes);
    });
  });
