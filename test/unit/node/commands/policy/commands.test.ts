import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { contractOf } from "../../../../../src/core/contracts.js";
import { loadNamed } from "../../../../../src/node/code/load.js";
import { openRealm } from "../../../../../src/node/code/open-realm.js";
import { moduleTemplates } from "../../../../../src/node/package-files.js";
import { runProgram } from "../../../../../src/node/program.js";
import { gear } from "../../../../support/mode.js";
import { policyModule } from "../../../../support/own-code.js";

function folder(files: Readonly<Record<string, string>> = {}): string {
  const made = mkdtempSync(join(tmpdir(), "surgefleet-policy-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(made, name), text);
  return made;
}

async function surgefleet(...words: string[]) {
  let [stdout, stderr] = ["", ""];
  const code = await runProgram(words, {
    output: { write: (text) => (stdout += text), columns: 100 },
    errors: { write: (text) => (stderr += text), columns: 100 },
    env: {},
  });
  return { code, stdout, stderr };
}

/** One pool, ten seconds of traffic that is more than it takes. */
const fleet = (pool: string, client = "openai-node-6") => `schemaVersion: 1
duration: 10s
inventory: { gpus: 4 }
pools:
  shared:
    replicas: 1
    replica: { engine: slots, slots: 4, tokensPerSecond: 40 }
    ${pool}
paths:
  standard: { model: m, pool: shared, rank: 1 }
  priority: { model: m, serviceTier: priority, pool: shared, rank: 0 }
traffic:
  calls:
    arrivals: { process: poisson, rate: 5/s }
    input: { dist: constant, value: 500 }
    output: { dist: exponential, mean: 50 }
    mix: { standard: 0.8, priority: 0.2 }
    client: ${client}
`;

const run = (path: string, ...more: string[]) =>
  surgefleet("run", path, "--no-out", "--quiet", "--seeds", "1", ...more);

describe("policy list and show", () => {
  it("list everything by kind, for people and for programs", async () => {
    const { code, stdout } = await surgefleet("policy", "list");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^POLICY .*policy: NAME[\s\S]*tail-drop +A bounded queue[\s\S]*\nQUEUE RULE [\s\S]*\nCLIENT /,
    );
    const all = JSON.parse((await surgefleet("policy", "list", "--json")).stdout);
    expect(all).toContainEqual({ kind: "concurrency limit", name: "fixed", summary: expect.any(String) });
  });

  it("show options, defaults, where each is from, and sources", async () => {
    const { stdout } = await surgefleet("policy", "show", "aimd");
    expect(stdout).toMatch(
      /concurrency limit aimd\n[\s\S]*backoff +90% +read +What a slow[\s\S]*Sources\n.*AIMDLimit\.java/,
    );
    const shown = JSON.parse((await surgefleet("policy", "show", "saturation", "--json")).stdout);
    expect(shown.map(({ kind }: { kind: string }) => kind)).toEqual(["policy", "autoscaler"]);
    expect(shown[0].options).toContainEqual(
      expect.objectContaining({ name: "maxQueue", default: "100", from: "ours" }),
    );
  });

  it.each([
    ["adaptive", /^account limit adaptive\n[\s\S]*growPerMinute +20% +excerpted /],
    ["ramp", /(?:^|\n\n)account limit ramp\n[\s\S]*growth +50% +excerpted [\s\S]*Sources\n.*OpenAI/],
    [
      "sliding",
      /^window of account limits sliding\n[\s\S]*limits\.window: sliding\n[\s\S]*ours, looked at 20/,
    ],
    [
      "fireworks-t2",
      /^preset of account limits fireworks-t2\n[\s\S]*requests +6000\/min +excerpted [\s\S]*promptTokens +21600000\/min +ours /,
    ],
    ["signals", /^setting signals\n[\s\S]*pools\.POOL\.signals[\s\S]*age +0s +ours /],
    ["limits", /^setting limits\n[\s\S]*outputAccounting +post-charge +ours /],
    [
      "gemini",
      /^provider gemini\n[\s\S]*overloaded +503 UNAVAILABLE +excerpted [\s\S]*demoted to the default tier: 200\n +x-gemini-service-tier: standard\n[\s\S]*Sources\n/,
    ],
  ])("tell where what %s says is from", async (name, told) => {
    expect((await surgefleet("policy", "show", name)).stdout).toMatch(told);
  });

  it("say what was probably meant", async () => {
    const { code, stderr } = await surgefleet("policy", "show", "saturatoin");
    expect([code, stderr]).toEqual([
      2,
      'error: no definition is named "saturatoin"; did you mean "saturation"?\n',
    ]);
  });
});

describe("policy new", () => {
  it.each(moduleTemplates())("writes a %s that shows, and keeps its contract", async (kind) => {
    const path = join(folder(), "mine");
    const written = await surgefleet("policy", "new", path, "--kind", kind);
    expect([written.code, written.stdout]).toEqual([0, expect.stringContaining(`wrote ${path}.ts`)]);
    expect((await surgefleet("policy", "new", path, "--kind", kind)).stderr).toMatch(
      /exists already; --force/,
    );
    expect((await surgefleet("policy", "show", `${path}.ts`)).stdout).toMatch(/option +default/);
    // Not by the command, which takes five times as many histories.
    const [code, module] = [loadNamed(`${path}.ts`), `${path}.ts`];
    const laws = contractOf({ code, module, written: {}, open: openRealm, runs: gear(10, 50) });
    expect(laws.length).toBeGreaterThan(2);
    for (const { check } of laws) check();
  });
});

describe("a module of your own in a scenario", () => {
  const policy = "admission: { policy: ./mine.ts, keep: 25%, maxQueue: 20 }";
  const module = policyModule(
    `return { decide: (request, pool) => (pool.slotsBusy >= pool.slots * (1 - options.keep) ? "refuse" : undefined) };`,
    `{ keep: kinds.share({ default: "10%", text: "What is kept." }) }`,
  );

  it("is refused with one line at its place, unless code is allowed", async () => {
    const at = folder({ "fleet.yaml": fleet(policy), "mine.ts": module });
    const path = join(at, "fleet.yaml");
    for (const words of [
      ["run", "--no-out"],
      ["validate"],
      ["check"],
      ["compare", path],
      ["stability"],
      ["plan"],
    ]) {
      const { code, stderr } = await surgefleet(words[0]!, path, ...words.slice(1));
      expect([code, stderr]).toEqual([
        2,
        `${path}:8:26 pools.shared.admission.policy: ./mine.ts is code, which is run only where that is allowed (--allow-code)\n`,
      ]);
    }
    expect((await surgefleet("validate", path, "--allow-code")).code).toBe(0);
  });

  // In other threads it decides the same: test/unit/node/run/replications.test.ts.
  it("decides, and its hash is kept", async () => {
    const at = folder({ "fleet.yaml": fleet(policy), "mine.ts": module });
    const path = join(at, "fleet.yaml");
    const out = join(at, "out");
    const words = ["--allow-code", "--seeds", "2", "--workers", "1", "--json", "--out", out];
    const { code, stdout } = await surgefleet("run", path, ...words);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).all.overloadedRate).toBeGreaterThan(0.2);
    const manifest = JSON.parse(readFileSync(join(out, "manifest.json"), "utf8"));
    expect(manifest.code).toEqual({ "./mine.ts": expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it("has its options checked at their places, all at once with everything else", async () => {
    const wrong = "admission: { policy: ./mine.ts, keep: 3, kep: 2%, maxQeue: 20 }";
    const at = folder({ "fleet.yaml": fleet(wrong, "./none.ts"), "mine.ts": module });
    const { code, stderr } = await surgefleet("validate", join(at, "fleet.yaml"), "--allow-code");
    expect(code).toBe(2);
    const lines = stderr
      .trimEnd()
      .split("\n")
      .map((line) => line.slice(at.length + 1));
    expect(lines).toEqual([
      "fleet.yaml:8:43 pools.shared.admission.keep: 3 is not a share: write a percentage like 0.1%, or a number from 0 to 1",
      'fleet.yaml:8:46 pools.shared.admission.kep: unknown key "kep" (did you mean "keep"?)',
      'fleet.yaml:8:55 pools.shared.admission.maxQeue: unknown key "maxQeue" (did you mean "maxQueue"?)',
      'fleet.yaml:18:13 traffic.calls.client: ./none.ts: there is no "./none.ts"',
    ]);
  });

  it("may be any of five kinds, and only where its kind is meant", async () => {
    const kinds = {
      Limit: "most: 2",
      QueueRule: "score: (_, at) => -at",
      Autoscaler: "recommend: () => 2",
      Client: "retryIn: ({ failures }) => failures < 1 ? 5 : undefined",
    };
    const files = Object.entries(kinds).map(([kind, made]) => [
      `${kind}.ts`,
      `import { define${kind} } from "surgefleet"; export default define${kind}({ summary: "x", create: () => ({ ${made} }) });`,
    ]);
    const pool =
      "concurrency: ./Limit.ts\n    discipline: { rule: ./QueueRule.ts }\n    autoscaler: { algorithm: ./Autoscaler.ts, max: 3, interval: 1s }";
    const at = folder({
      ...Object.fromEntries(files),
      "fleet.yaml": fleet(pool, "{ preset: ./Client.ts, maxRetries: 1 }"),
    });
    const path = join(at, "fleet.yaml");
    const { code, stdout } = await run(path, "--allow-code", "--json");
    expect(code).toBe(0);
    const { pools } = JSON.parse(stdout);
    expect(pools[0].slotsBusyMean).toBeLessThanOrEqual(2);
    expect(pools[0].replicas).toBeGreaterThan(1);
    const wrong = `pools.shared.concurrency=${join(at, "QueueRule.ts")}`;
    const swapped = await run(path, "--allow-code", "--set", wrong);
    expect(swapped.stderr).toMatch(
      /pools\.shared\.concurrency: .*QueueRule\.ts is a queue rule, not a concurrency limit/,
    );
  });

  it("may be a package, found from the folder of the scenario upwards", async () => {
    const at = folder({ "fleet.yaml": fleet("admission: { policy: pkg:keeps/policy, keep: 50% }") });
    const home = join(at, "node_modules/keeps");
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "package.json"), JSON.stringify({ exports: { "./policy": "./kept.js" } }));
    writeFileSync(join(home, "kept.js"), module);
    const { code, stdout } = await run(join(at, "fleet.yaml"), "--allow-code", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout).all.overloadedRate).toBeGreaterThan(0.2);
    const none = await run(
      join(at, "fleet.yaml"),
      "--allow-code",
      "--set",
      "pools.shared.admission.policy=pkg:nothing",
    );
    expect([none.code, none.stderr]).toEqual([
      2,
      expect.stringMatching(/pkg:nothing: there is no "nothing"/),
    ]);
  });

  it("ends the run whole where it fails, with nothing written", async () => {
    const failing = policyModule("return {\n decide(request, pool, now) {\n  if (now > 2e6) null.x;\n } };");
    const at = folder({ "fleet.yaml": fleet("admission: { policy: ./mine.ts }"), "mine.ts": failing });
    for (const seeds of ["1", "2"]) {
      const out = join(at, "out");
      const words = ["--allow-code", "--quiet", "--seeds", seeds, "--workers", "1", "--out", out];
      const { code, stderr } = await surgefleet("run", join(at, "fleet.yaml"), ...words);
      expect(stderr).toMatch(
        /mine\.ts:8:\d+: policy \.\/mine\.ts of pool shared, at 2\.\d+ s: decide: TypeError: Cannot read/,
      );
      expect([code, existsSync(join(out, "summary.json"))]).toEqual([1, false]);
    }
  });

  it("has errors of its syntax, and imports that are not there, told at their places", async () => {
    const at = folder({
      "fleet.yaml": fleet("admission: { policy: ./mine.ts }"),
      "mine.ts": "import fs from 'node:fs';\nexport default 1 +;",
    });
    const { code, stderr } = await run(join(at, "fleet.yaml"), "--allow-code");
    expect([code, stderr]).toEqual([2, expect.stringMatching(/mine\.ts:2:19 Unexpected ";"/)]);
    writeFileSync(join(at, "mine.ts"), "import fs from 'node:fs';\nexport default fs;");
    expect((await run(join(at, "fleet.yaml"), "--allow-code")).stderr).toMatch(
      /mine\.ts:1:16 there is no "node:fs" \(a module sees/,
    );
    writeFileSync(join(at, "mine.ts"), "export const policy = 1;");
    expect((await run(join(at, "fleet.yaml"), "--allow-code")).stderr).toMatch(
      /yaml:8:\d+ .*: \.\/mine\.ts: there is no default export in "mine\.ts"\n/,
    );
    expect((await surgefleet("policy", "show", join(at, "fleet.yaml"))).stderr).toMatch(
      /^\S+fleet\.yaml: a \.yaml file is no TypeScript or JavaScript\n$/,
    );
    const bare = ["--set", "pools.shared.admission.policy=mine.ts", "--allow-code"];
    expect((await run(join(at, "fleet.yaml"), ...bare)).stderr).toMatch(
      /"mine\.ts" is not none, .*any-of \(a module of your own, where one may be named, begins with \.\//,
    );
    writeFileSync(join(at, "mine.ts"), "export default { kind: 'policy' };");
    expect((await run(join(at, "fleet.yaml"), "--allow-code")).stderr).toMatch(
      /mine\.ts: TypeError: summary is undefined/,
    );
    writeFileSync(join(at, "mine.ts"), policyModule("", "{ keep: 5 }"));
    expect((await run(join(at, "fleet.yaml"), "--allow-code")).stderr).toMatch(
      /mine\.ts: option keep: write options\.count/,
    );
    writeFileSync(join(at, "mine.ts"), policyModule("", "{ keep: kinds.count({ default: -1, text: 'x' }) }"));
    expect((await run(join(at, "fleet.yaml"), "--allow-code")).stderr).toMatch(
      /mine\.ts: option keep: its default: -1 is out of range/,
    );
  });
});

describe("policy test", () => {
  it("says which law is broken, by what, and what breaks it again", async () => {
    const client = `import { defineClient } from "surgefleet";
      let calls = 0;
      export default defineClient({ summary: "x", create: () => { let all = 0; return { retryIn: () => all++ * 10 } } });`;
    const path = join(folder({ "mine.ts": client }), "mine.ts");
    const { code, stdout } = await surgefleet("policy", "test", path);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /BROKEN {2}gives up in the end\n[\s\S]*repeat +surgefleet policy test .*--law 'gives up in the end'/,
    );
    expect(stdout).toMatch(/BROKEN {2}keeps nothing of one caller for another\n[\s\S]*Counterexample/);
    expect(stdout).toMatch(/met +waits whole microseconds/);
    // What draws the histories has hints of its own, about flags that are not ours.
    expect(stdout).not.toMatch(/verbose/);
    const again = await surgefleet("policy", "test", path, "--law", "gives up", "--json");
    expect(JSON.parse(again.stdout)).toEqual([
      expect.objectContaining({ law: "gives up in the end", met: false }),
    ]);
  });

  it("says once what the module throws, with every law that this spoils", async () => {
    const path = join(
      folder({ "mine.ts": policyModule("return { decide() { throw new Error('oops\\nand more'); } }") }),
      "mine.ts",
    );
    const { code, stdout } = await surgefleet("policy", "test", path);
    expect(code).toBe(1);
    expect(stdout.split("oops")).toHaveLength(2);
    expect(stdout).toMatch(
      /THROWN {2}.*oops\n {8}and more\n( {8}spoils {2}.*\n)*? {8}spoils {2}LAW-10: .*\n( {8}spoils .*\n)* {8}repeat /,
    );
    expect(stdout).not.toContain("BROKEN");
    expect(stdout).toMatch(/met +lets any request start in a pool that is empty\n/);
  });

  it("says what it can be told, where it is told something else", async () => {
    const path = join(folder(), "mine.ts");
    await surgefleet("policy", "new", path);
    const law = await surgefleet("policy", "test", path, "--law", "nothing");
    expect([law.code, law.stderr]).toEqual([
      2,
      expect.stringMatching(/--law: none of these says that:\n {2}[\s\S]*\n {2}refuses none in an idle pool/),
    ]);
    const name = await surgefleet("policy", "test", "saturation");
    expect([name.code, name.stderr]).toEqual([2, expect.stringMatching(/"saturation" is no module: write/)]);
  });

  it("takes options as a scenario writes them, and refuses those that the module does not have", async () => {
    const path = join(folder(), "mine.ts");
    await surgefleet("policy", "new", path, "--kind", "client");
    const tested = await surgefleet("policy", "test", path, "--option", "delay=1s");
    expect([tested.code, tested.stdout]).toEqual([0, expect.stringMatching(/\d+ laws met\n$/)]);
    for (const [option, told] of [
      ["dealy=1s", /dealy: there is no such option; it has retries or delay/],
      ["delay=1x", /delay: "1x" is not a duration/],
      ["delay", /write name=value/],
    ] as const) {
      const { code, stderr } = await surgefleet("policy", "test", path, "--option", option);
      expect([code, stderr]).toEqual([2, expect.stringMatching(told)]);
    }
  });
});
