import { describe, expect, it } from "vitest";
import type { CheckedScenario } from "../../../../src/node/ci/checked.js";
import { githubAnnotations } from "../../../../src/node/ci/github.js";
import { junitXml } from "../../../../src/node/ci/junit.js";
import { checkMarkdown } from "../../../../src/node/ci/markdown.js";
import { runResult } from "../../../support/run-result.js";

/** Names that try to end whatever they stand in. */
const hostile = (name: string): CheckedScenario => ({
  path: `${name}.yaml`,
  name,
  result: runResult({
    thresholds: [
      {
        metric: `ttft{tier:${name}}`,
        expression: "p(50)<1s",
        verdict: "fail",
        observed: 2,
        low: 1.5,
        high: 2.5,
        n: 4,
        method: "replications",
      },
    ],
  }),
  aborted: false,
  seconds: 1,
  places: [{ file: `${name}.yaml`, line: 3, column: 5 }],
  against: undefined,
});

describe("names that mean harm", () => {
  it("end no workflow command", () => {
    const text = githubAnnotations([hostile("a\n::error::b,line=9::")]);
    expect(text.split("\n")).toHaveLength(2);
    expect(text).toMatch(/^::error file=a%0A%3A%3Aerror%3A%3Ab%2Cline=9%3A%3A\.yaml,line=3,col=5,/);
  });

  it("are no markup in XML, and nothing that XML cannot hold", () => {
    const xml = junitXml([hostile('<a b="c">&\u0001')]);
    expect(xml).toContain('classname="&lt;a b=&quot;c&quot;>&amp;\ufffd"');
    expect(xml.replaceAll(/<!\[CDATA\[.*?\]\]>/g, "")).not.toContain("<a b");
    expect(xml).not.toContain("\u0001");
  });

  it("are no markup in Markdown, and end no cell", () => {
    const text = checkMarkdown([hostile("a|b`c\n# d<img src=x>")]);
    expect(text).not.toMatch(/^# d/m);
    expect(text.split("\n").filter((line) => line.startsWith("| ❌"))).toHaveLength(1);
    expect(text).toContain("\\<img src=x\\>");
  });
});
