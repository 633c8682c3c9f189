import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutLogin } from "../../../lib/http/place.ts";

for (const [address, clean] of [
  ["https://user:pw@[fe80::1%25eth0]:6443", "https://[fe80::1%25eth0]:6443"],
  ["https://user:pw@10.0.0.300:6443/a@b", "https://10.0.0.300:6443/a@b"],
  ["https://user:p@w@host:99999?x=@", "https://host:99999?x=@"],
  ["user:pw@host:2375", "host:2375"],
  ["unix:///run/a@b.sock", "unix:///run/a@b.sock"],
  ["/etc/kube@home.conf", "/etc/kube@home.conf"],
  ["https://host:6443", "https://host:6443"],
] as const) {
  test(`an address loses its login, whether or not it is a URL to Node: ${clean}`, () => {
    assert.equal(withoutLogin(address), clean);
  });
}
