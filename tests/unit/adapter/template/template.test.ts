import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { TemplateError } from "../../../../lib/adapter/template/error.ts";
import { parseTemplate } from "../../../../lib/adapter/template/template.ts";

const fields = {
  Series: "http_requests_total",
  LabelMatchers: 'namespace="web",pod=~"a|b"',
  LabelValuesByName: new Map([
    ["pod", "a|b"],
    ["namespace", "web"],
  ]),
  GroupBy: "pod,container",
  GroupBySlice: ["pod", "container"],
};

const filled = (template: string) => parseTemplate(template).render(fields);

describe("a template of upstream's documentation, tests and generated rules", () => {
  const cases: [string, string][] = [
    [
      "sum(<<.Series>>{<<.LabelMatchers>>}) by (<<.GroupBy>>)",
      'sum(http_requests_total{namespace="web",pod=~"a|b"}) by (pod,container)',
    ],
    [
      'sum(rate(<<.Series>>{<<.LabelMatchers>>,container!="POD"}[5m])) by (<<.GroupBy>>)',
      'sum(rate(http_requests_total{namespace="web",pod=~"a|b",container!="POD"}[5m])) by (pod,container)',
    ],
    [
      "sum(\n  irate (\n    container_cpu_usage_seconds_total{<<.LabelMatchers>>}[120s]\n  )\n) by (<<.GroupBy>>)\n",
      'sum(\n  irate (\n    container_cpu_usage_seconds_total{namespace="web",pod=~"a|b"}[120s]\n  )\n) by (pod,container)\n',
    ],
    ["series <<.Series>>", "series http_requests_total"],
    ["<<.GroupBySlice>>", "[pod container]"],
    ["<<.LabelValuesByName>>", "map[namespace:web pod:a|b]"],
    ['<<index .LabelValuesByName "namespace">> <<index .LabelValuesByName "pod">>', "web a|b"],
    ['<<index .LabelValuesByName "none">>', ""],
    ["<<index .GroupBySlice 1>>", "container"],
    ["<<.LabelValuesByName.pod>>", "a|b"],
    ["<<.LabelValuesByName.none>>", "<no value>"],
    [
      '<<range $key, $value := .LabelValuesByName>><<if ne $key "namespace">><<$key>>=~"<<$value>>",<<end>><<end>>',
      'pod=~"a|b",',
    ],
    ["<<range .GroupBySlice>>[<<.>>]<<else>>none<<end>>", "[pod][container]"],
    ["<<range $i, $label := .GroupBySlice>><<if $i>>,<<end>><<$label>><<end>>", "pod,container"],
  ];
  for (const [template, expected] of cases) {
    test(`gives ${JSON.stringify(expected)}`, () => assert.equal(filled(template), expected));
  }
});

describe("a template in Go's syntax", () => {
  const cases: [string, string][] = [
    ["a <<- /* c */ ->> b", "ab"],
    ["a <</* c */>> b", "a  b"],
    ["a <<- .Series ->> \n b", "ahttp_requests_totalb"],
    ["<<with .GroupBy>><<.>><<else>>none<<end>>", "pod,container"],
    ['<<with index .LabelValuesByName "none">><<.>><<else>>none<<end>>', "none"],
    ["<<with $x := .GroupBy>><<$x>>/<<$.Series>><<end>>", "pod,container/http_requests_total"],
    ['<<if eq .Series "a" "http_requests_total">>y<<end>>', "y"],
    ['<<if eq .Series "a">>1<<else if .GroupBy>>2<<else>>3<<end>>', "2"],
    ["<<if not (and .Series (gt (len .GroupBySlice) 5))>>few<<end>>", "few"],
    ["<<or false .Series>>", "http_requests_total"],
    ['<<and (eq .Series "a") (index .GroupBySlice 99)>>', "false"],
    ["<<.Series | len | printf `%d-%s` | print>>", "19-%!s(MISSING)"],
    [
      '<<printf "%s_%q_%v_%05d_%x" .Series "é\\n" .GroupBySlice 42 255>>',
      'http_requests_total_"é\\n"_[pod container]_00042_ff',
    ],
    ['<<print 1 2 "a" "b" 3 true>>', "1 2ab3 true"],
    ["<<println 1 `a`>>", "1 a\n"],
    ["<<slice .Series 5 13>> <<slice .GroupBySlice 1>>", "requests [container]"],
    ["<<$x := 1>><<range .GroupBySlice>><<$x = 2>><<end>><<$x>>", "2"],
    ["<<range .GroupBySlice>><<if eq . `pod`>><<continue>><<end>><<.>><<break>><<end>>", "container"],
    ["<<0x1F>> <<'a'>> <<1_000>> <<1.50>> <<-3>> <<1e30>> <<0.00001>>", "31 97 1000 1.5 -3 1e+30 1e-05"],
    ['<<printf "%d" "a">> <<printf "%s">> <<printf "a" 1>>', "%!d(string=a) %!s(MISSING) a%!(EXTRA int=1)"],
    ["<<print nil>>", "<nil>"],
    ["a >> b << `<<` >>", "a >> b <<"],
  ];
  for (const [template, expected] of cases) {
    test(`${JSON.stringify(template)} gives ${JSON.stringify(expected)}`, () =>
      assert.equal(filled(template), expected));
  }
});

describe("a template that does not parse", () => {
  const cases: [string, RegExp][] = [
    ["<<.Series", /^line 1: unclosed action$/],
    ["a\n<<if .Series>>", /^line 2: if without end$/],
    ["<<end>>", /^line 1: unexpected "end" in template$/],
    ["<<else>>", /unexpected "else"/],
    ["\n\n<<join .GroupBySlice>>", /^line 3: function "join" not defined; there are and, or, /],
    ["<<$x>>", /undefined variable "\$x"/],
    ["<<if .A>><<$x := 1>><<end>><<$x>>", /undefined variable "\$x"/],
    ["<<define `x`>><<end>>", /define is not supported/],
    ["<<(((>>", /unexpected ">>"/],
    ["<<.Series)>>", /unexpected "\)"/],
    ["<</* x >>", /unclosed comment/],
    ["<</* x */ y>>", /comment ends before closing delimiter/],
    ['<<"x>>', /unterminated quoted string/],
    ["<<`x>>", /unterminated raw quoted string/],
    ["<<'ab'>>", /malformed character constant/],
    ['<<"\\q">>', /invalid escape/],
    ["<<1x>>", /bad number syntax/],
    ["<<99999999999999999999>>", /integer overflow/],
    ["<<.Series | 1>>", /non executable command/],
    ["<<.Series |>>", /missing value/],
    ["<<>>", /missing value for command/],
    ["<<$a, $b := .Series>>", /too many declarations/],
    ["<<break>>", /break outside a range/],
    ["<<#>>", /unexpected "#"/],
    ["<<1.Series>>", /bad number syntax/],
    ["<<`a`.Series>>", /unexpected \. after term/],
    [`<<${"(".repeat(200)}`, /nested more than 50 deep|unclosed action/],
    ["<<if true>>".repeat(200) + "<<end>>".repeat(200), /nested more than 50 deep/],
  ];
  for (const [template, reason] of cases) {
    test(`${JSON.stringify(template.slice(0, 40))} is told with its line`, () => {
      assert.throws(
        () => parseTemplate(template),
        (error) => error instanceof TemplateError && reason.test(error.message),
      );
    });
  }
});

describe("a template that cannot be filled in", () => {
  const cases: [string, RegExp][] = [
    ["<<.Nothing>>", /can't evaluate field Nothing in type struct; there are Series, /],
    ["<<.Series.X>>", /can't evaluate field X in type string/],
    ["<<range .Series>><<end>>", /range can't iterate over a value of type string/],
    ["<<index .GroupBySlice 2>>", /error calling index: index out of range: 2/],
    ["<<index .GroupBySlice `a`>>", /cannot index slice/],
    ["<<index .LabelValuesByName 1>>", /keys of type string, not int/],
    ["<<lt 1 `a`>>", /incompatible types for comparison/],
    ["<<lt true false>>", /invalid type for comparison/],
    ["<<eq 1>>", /missing argument for comparison/],
    ["<<len 1>>", /len of type int/],
    ["<<len>>", /wrong number of args for len: want 1 got 0/],
    ["<<.Series .GroupBy>>", /can't give argument to non-function/],
    ["<<nil>>", /nil is not a command/],
  ];
  for (const [template, reason] of cases) {
    test(`${JSON.stringify(template)} is told`, () => {
      assert.throws(
        () => filled(template),
        (error) => error instanceof TemplateError && reason.test(error.message),
      );
    });
  }

  test("since its text would grow without end is given up", () => {
    const doubling = `<<$x := "ab">>${"<<$x = print $x $x>>".repeat(40)}<<$x>>`;
    assert.throws(() => filled(doubling), /more than 1000000 characters/);
  });

  test("since its ranges never end is given up", () => {
    const nested = `${"<<range $.GroupBySlice>>".repeat(30)}x${"<<end>>".repeat(30)}`;
    assert.throws(() => filled(nested), /more than 100000 steps/);
  });
});

describe("the template engine", () => {
  const pieces = [
    ..."<<|>>|<<-|->>|/*|*/|.|.Series|.GroupBySlice|.LabelValuesByName|$|$x|:=|=|,|(|)|range|if|else|end|with|break|continue".split(
      "|",
    ),
    ...'|index|print|printf|len|eq|lt|and|or|not|slice|nil|true|1|-2|1.5|\'a\'|"a"|"%d%s"|`b`| |\n|text|#|é|"'.split(
      "|",
    ),
    "|",
  ];
  const runs = Number(process.env.RUNS ?? 3000);

  test("throws nothing but its own error, whatever it is given", () => {
    const anything = fc.oneof(
      fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join("")),
      fc.array(fc.constantFrom(...pieces), { maxLength: 20 }).map((parts) => `<<${parts.join(" ")}>>`),
      fc.string(),
    );
    const judged = (template: string) => {
      try {
        return typeof filled(template) === "string";
      } catch (error) {
        return error instanceof TemplateError && error.line >= 1 && !error.message.includes("\n");
      }
    };
    fc.assert(fc.property(anything, judged), { numRuns: runs });
  });

  test("leaves a text without delimiters as it is", () => {
    const plain = fc.string().filter((text) => !text.includes("<<"));
    fc.assert(fc.property(plain, (text) => parseTemplate(text).render({}) === text));
  });
});

describe("the names of a template", () => {
  test("are the fields that it takes", () => {
    assert.deepEqual(
      parseTemplate("<<.Series>>{<<if .A.B>><<(index .C 0).D>><<end>>}").names,
      new Set(["Series", "A", "B", "C", "D"]),
    );
  });
  for (const template of ["<<.>>", "<<$>>", "<<with $>><<.Series>><<end>>"]) {
    test(`are all of them for ${template}`, () => assert.equal(parseTemplate(template).names, "all"));
  }
  test("are told through variables as well", () => {
    assert.deepEqual(parseTemplate("<<$.LabelValuesByName>>").names, new Set(["LabelValuesByName"]));
  });
});
