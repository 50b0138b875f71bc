// A check as JUnit XML, which every CI server reads: a suite per scenario, a case per threshold and one for the
// baseline.
import junitFile from "junit-report-builder";
import { thresholdValue, visibleLines } from "../../core/internal.js";
import { type CheckReport, comparedText, comparisonFindings, orphanText, thresholdName } from "./checked.js";

/** Node's import of a CommonJS file gives the file's exports; other loaders unwrap their default already. */
const builders = "default" in junitFile ? junitFile.default : junitFile;

/** What XML 1.0 cannot hold, not even escaped, beside what is never shown as it is. */
const NOT_XML = /[\ufffe\uffff]/g;

/** What an interrupt left out is an error, so that half a check is not taken for a passed one. */
export function junitXml({ checked, unchecked, orphans, allowUndecided }: CheckReport): string {
  const builder = (builders as typeof junitFile.default).newBuilder();
  const clean = (text: string) => visibleLines(text).replaceAll(NOT_XML, "\ufffd");
  for (const scenario of checked) {
    const { path, name, result, places, seconds, notes, against } = scenario;
    // Few readers show the properties of a suite, all what a case has printed.
    const printed = (text: string) => clean([text, ...notes.map((note) => `note: ${note}`)].join("\n"));
    const suite = builder
      .testSuite()
      .name(clean(name))
      .time(Number(seconds.toFixed(3)));
    for (const [index, note] of notes.entries()) suite.property(`note ${index + 1}`, clean(note));
    for (const [index, one] of result.thresholds.entries()) {
      const place = places[index];
      const test = suite
        .testCase()
        .className(clean(name))
        .name(clean(thresholdName(one)));
      test.file(clean(place === undefined || place.line === 0 ? path : place.file));
      const text = clean(`${thresholdName(one)}: ${thresholdValue(one, result)}`);
      if (one.verdict === "undecided" && allowUndecided) test.skipped();
      else if (one.verdict !== "pass") test.failure(text, one.verdict);
      test.standardOutput(printed(text));
    }
    if (against === undefined) continue;
    const test = suite.testCase().className(clean(name)).name("no worse than the baseline").file(clean(path));
    const found = comparisonFindings(scenario);
    const worse = found
      .filter(({ kind }) => kind === "regression" || kind === "uncompared")
      .map(({ title, text }) => `${title}: ${text}`);
    const told = found.filter(({ kind }) => kind === "note").map(({ text }) => text);
    test.standardOutput(printed([...told, comparedText(against)].join("\n")));
    if (worse.length === 0) continue;
    const more = worse.length === 1 ? "" : `, and ${worse.length - 1} more below`;
    test.failure(clean(`${worse[0]}${more}`), "regression");
    test.stacktrace(clean(worse.join("\n")));
  }
  for (const { path, name } of unchecked) {
    const suite = builder.testSuite().name(clean(name));
    suite.testCase().className(clean(name)).name("was checked").file(clean(path)).error("interrupted before");
  }
  if (orphans.length > 0) {
    const suite = builder.testSuite().name("baselines");
    for (const path of orphans) {
      suite
        .testCase()
        .className("baselines")
        .name(clean(path))
        .file(clean(path))
        .failure(clean(orphanText(path)));
    }
  }
  return `${builder.build()}\n`;
}
