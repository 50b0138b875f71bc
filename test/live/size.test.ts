// What a browser has to load: the library as it was built, bundled by two bundlers as they come, minified and packed by
// gzip. `npm run size` prints it. What grew is found with `esbuild --analyze`; a limit is raised only with a reason.
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { rolldown } from "rolldown";
import { expect, test } from "vitest";

/**
 * Thousands of bytes. With concurrency limits, queue rules and a fleet with a life `simulate` has passed 220 by
 * esbuild, and with intervals of its own by strata, lives of sessions and elementary functions that are the same on
 * every engine 240. An elastic fleet - nodes, cold starts, ten autoscalers, eight kinds of faults, and what results say
 * of them - has added 31 to both. The gateway in full - eleven policies, seven concurrency limits, seven queue rules, six
 * kinds of account limits, nine providers with what they say, fairness, and the bridges to definitions of one's own - has
 * added 33. Readers of what benchmarks write, what reading did, time outside the engine,
 * layouts of GPUs, quotas and sweeps have added 31. Which fields of a file change nothing, with the reason for
 * each, and beginnings that sessions share have added 2.
 */
const CASES = [
  { what: "simulate", from: "dist/core/index.js", most: { esbuild: 364, rolldown: 334 } },
  { what: "Engine", from: "dist/core/engine/engine.js", most: { esbuild: 267, rolldown: 245 } },
] as const;

const BUNDLERS = { esbuild: withEsbuild, rolldown: withRolldown } as const;

async function withEsbuild(entry: string): Promise<string> {
  const { outputFiles, warnings } = await build({
    stdin: { contents: entry, resolveDir: "." },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    write: false,
    logLevel: "silent",
  });
  // Whoever bundles the library sees these, too.
  expect(warnings.map(({ text }) => text)).toEqual([]);
  return outputFiles[0]!.text;
}

async function withRolldown(entry: string): Promise<string> {
  const id = resolve("entry.js");
  const bundle = await rolldown({
    input: id,
    platform: "browser",
    logLevel: "silent",
    plugins: [
      {
        name: "entry",
        resolveId: (source) => (source === id ? id : null),
        load: (source) => (source === id ? { code: entry, moduleSideEffects: true } : null),
      },
    ],
  });
  const { output } = await bundle.generate({ format: "esm", minify: true });
  return output[0].code;
}

test.each(
  CASES.flatMap((one) =>
    (["esbuild", "rolldown"] as const).map((bundler) => ({ ...one, bundler, most: one.most[bundler] })),
  ),
)("$what alone, by $bundler, is at most $most kB", async ({ what, from, most, bundler }) => {
  const code = await BUNDLERS[bundler](`export { ${what} } from ${JSON.stringify(resolve(from))};`);
  const size = gzipSync(code, { level: 9 }).length / 1000;
  console.log(`${what}, ${bundler}: ${size.toFixed(1)} kB of gzip, at most ${most}`);
  expect(size).toBeLessThanOrEqual(most);
  // Not an empty bundle, whose size says nothing.
  expect(size).toBeGreaterThan(50);
});
