import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { referencesIn, withReferences } from "../../../lib/config/reference.ts";

describe("a reference to a secret", () => {
  test("may be all of a value or a part of it", () => {
    assert.deepEqual(referencesIn("${ssm:/prod/token}"), [
      { written: "${ssm:/prod/token}", store: "ssm", id: "/prod/token" },
    ]);
    const arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:prod/db-AbCdEf";
    assert.deepEqual(referencesIn(`http://u:\${secretsmanager:${arn}#pass word}@proxy/\${ssm:x:3}`), [
      { written: `\${secretsmanager:${arn}#pass word}`, store: "secretsmanager", id: arn, key: "pass word" },
      { written: "${ssm:x:3}", store: "ssm", id: "x:3" },
    ]);
    for (const plain of ["", "ssm:/x", "${vault:x}", "$ssm:x", "${HOME}"])
      assert.deepEqual(referencesIn(plain), []);
  });

  test("that makes no sense is named, with what is allowed", () => {
    for (const bad of ["${ssm:}", "${ssm:a b}", "${ssm:/x#key}"]) {
      assert.throws(() => referencesIn(`x${bad}`), {
        message: `${bad}: expected \${ssm:NAME}, a parameter's name or ARN`,
      });
    }
    for (const bad of [
      "${secretsmanager:}",
      "${secretsmanager:a#}",
      "${secretsmanager:a#b#c}",
      "${secretsmanager:a b}",
    ]) {
      assert.throws(
        () => referencesIn(bad),
        (error: Error) => error.message.startsWith(`${bad}: expected`),
      );
    }
  });

  test("gives way to its value, whatever signs that has", () => {
    const values = new Map([["${ssm:x}", "$& ${ssm:y}"]]);
    assert.equal(withReferences("<${ssm:x}|${ssm:y}>", values), "<$& ${ssm:y}|${ssm:y}>");
  });
});
