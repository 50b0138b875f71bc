// The same bytes on every engine: this Node, those of the npm package `node`, and Chromium. Nightly; what is not to be
// had is skipped by name.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { NIGHTLY } from "../support/mode.js";

const FOLDER = resolve(".cache/engines");
const CHROMIUM = "/usr/bin/chromium";
const VERSIONS = [20, 22, 24];
/** Sessions and a fleet that drafts its own tokens; clumped arrivals, retries and limits. */
const SCENARIOS = ["agents-at-work", "quickstart"];
const CALL = `engines.engineBytes(${JSON.stringify(
  SCENARIOS.map((name) => readFileSync(`scenarios/${name}.yaml`, "utf8")),
)})`;

/** By npx, which fetches it where it is not there yet: a package whose installation needs its own script. */
const npx = (version: number, ...words: readonly string[]) =>
  spawnSync("npx", ["--yes", "--ignore-scripts=false", `--package=node@${version}`, "node", ...words], {
    encoding: "utf8",
    maxBuffer: 1e8,
  });

describe.runIf(NIGHTLY)("the same bytes", () => {
  let script = "";
  let expected: unknown;

  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: ["test/live/engine-bytes.ts"],
      ...{ bundle: true, format: "iife", globalName: "engines", platform: "browser", write: false },
    });
    script = outputFiles[0]!.text;
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(join(FOLDER, "engines.cjs"), `${script}\nconsole.log(JSON.stringify(${CALL}));\n`);
    expected = JSON.parse(
      spawnSync(process.execPath, [join(FOLDER, "engines.cjs")], { encoding: "utf8" }).stdout,
    );
  });

  test("are of something", () => {
    expect(expected).toHaveLength(1 + 3 * SCENARIOS.length);
    expect(new Set(expected as string[]).size).toBe(1 + 3 * SCENARIOS.length);
  });

  test.for(VERSIONS)("in Node %i", (version, { skip }) => {
    const told = npx(version, "--version").stdout?.trim();
    if (told === undefined || !told.startsWith(`v${version}.`)) skip(`no registry gives node@${version}`);
    expect(JSON.parse(npx(version, join(FOLDER, "engines.cjs")).stdout)).toEqual(expected);
  });

  test.skipIf(!existsSync(CHROMIUM))(`in ${CHROMIUM}`, async () => {
    const browser = await chromium.launch({
      ...{ executablePath: CHROMIUM, args: ["--headless", "--no-sandbox", "--disable-gpu"], timeout: 0 },
    });
    try {
      const page = await browser.newPage();
      page.setDefaultTimeout(0);
      await page.addScriptTag({ content: script });
      expect(await page.evaluate(CALL)).toEqual(expected);
    } finally {
      await browser.close();
    }
  });
});
