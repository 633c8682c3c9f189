import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readSettings } from "../../../../docs/examples/subscribers/webhook/settings.ts";

const good = {
  WEBHOOK_URL: "https://hooks.example/x",
  ROLLCALL_URL: "https://door.example/prod",
  WEBHOOK_SECRET: "whsec_AAAA",
};

describe("the settings of the webhook subscriber", () => {
  test("are safe unless told: https, not local, five seconds", () => {
    const settings = readSettings(good);
    assert.deepEqual([settings.isLocal, settings.timeout], [false, 5000]);
    assert.equal(settings.doorUrl.href, "https://door.example/prod/");
  });

  test("that are missing or bad are all named at once, and never repeated", () => {
    assert.throws(() => readSettings({ REQUEST_SECONDS: "60", WEBHOOK_SECRET: "hunter2" }), {
      message:
        "environment: WEBHOOK_URL is required; ROLLCALL_URL is required; WEBHOOK_SECRET must begin with whsec_; " +
        "REQUEST_SECONDS must be a number of seconds from 1 to 10",
    });
    assert.throws(
      () => readSettings({ ...good, WEBHOOK_LOCAL: "yes" }),
      /WEBHOOK_LOCAL must be true or false/,
    );
  });

  test("want one place for the secret", () => {
    const two = /SECRET_ID or WEBHOOK_SECRET is required, not both/;
    assert.throws(() => readSettings({ ...good, WEBHOOK_SECRET: undefined }), two);
    assert.throws(() => readSettings({ ...good, SECRET_ID: "x" }), two);
  });

  test("take plain http on the developer's machine alone", () => {
    for (const WEBHOOK_URL of ["http://hooks.example/", "ftp://hooks.example/", "hooks"])
      assert.throws(() => readSettings({ ...good, WEBHOOK_URL }), /WEBHOOK_URL must be a URL with https:$/);
    assert.throws(() => readSettings({ ...good, ROLLCALL_URL: "http://x" }), /ROLLCALL_URL must be a URL/);
    const local = readSettings({ ...good, WEBHOOK_LOCAL: "true", WEBHOOK_URL: "http://127.0.0.1:1/" });
    assert.equal(local.webhookUrl.href, "http://127.0.0.1:1/");
  });
});
