import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseQuestion } from "../../../lib/explain/question.ts";

const parsed = (text: string) => {
  const answer = parseQuestion(text);
  assert.ok("question" in answer, JSON.stringify(answer));
  const { text: _text, ...rest } = answer.question;
  return rest;
};

describe("what somebody asks for", () => {
  const asked: [string, object][] = [
    ["pod/shop/web-1", { about: "object", kind: "pod", namespace: "shop", name: "web-1" }],
    [" svc/shop/web ", { about: "object", kind: "service", namespace: "shop", name: "web" }],
    [
      "EndpointSlices/shop/web-x7",
      { about: "object", kind: "endpointslice", namespace: "shop", name: "web-x7" },
    ],
    ["shop/web-1", { about: "object", namespace: "shop", name: "web-1" }],
    ["po/web-1", { about: "object", kind: "pod", name: "web-1" }],
    ["node/n1", { about: "object", kind: "node", name: "n1" }],
    ["n1.example", { about: "object", name: "n1.example" }],
    ["10.1.2.3", { about: "address", host: "10.1.2.3" }],
    ["10.1.2.3:8080", { about: "address", host: "10.1.2.3", port: "8080" }],
    ["web.shop.svc:80", { about: "address", host: "web.shop.svc", port: "80" }],
    ["FD00:0::1", { about: "address", host: "fd00::1" }],
    ["[fd00:0::1]:9100", { about: "address", host: "fd00::1", port: "9100" }],
    ["[fd00::1]", { about: "address", host: "fd00::1" }],
    ["/etc/targets.json:0", { about: "source" }],
    ["http://127.0.0.1/sd:3", { about: "source" }],
    ["conf/a.json:0", { about: "source" }],
  ];
  for (const [text, question] of asked) {
    test(`${text.trim()} is understood`, () => assert.deepEqual(parsed(text), question));
  }

  test("labels select", () => {
    const answer = parseQuestion('{pod=~"web-.*"}');
    assert.ok("question" in answer && answer.question.about === "labels");
    assert.ok(answer.question.selector.matches(new Map([["pod", "web-1"]])));
    assert.ok(!answer.question.selector.matches(new Map([["pod", "api-1"]])));
  });

  const refused: [string, RegExp][] = [
    ["", /^object is missing; it must be an object .* an address .* or labels/],
    ["deployment/shop/web", /^deployment is no kind of object; there are: pod, service, endpoints, /],
    ["pod//web", /has an empty part/],
    ["pod/shop/", /has an empty part/],
    ["x".repeat(4201), /^object has at most 4200 characters$/],
    ['{pod=~"("}', /^object: label "pod": .*missing closing \)/],
    ["{pod}", /^object: position 5: expected =/],
  ];
  for (const [text, error] of refused) {
    test(`${text.slice(0, 20) || "nothing"} is refused with what is allowed`, () => {
      const answer = parseQuestion(text);
      assert.ok("error" in answer);
      assert.match(answer.error, error);
    });
  }
});
