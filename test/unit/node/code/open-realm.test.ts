// A hostile policy in its realm: it tries what is known of ways out of one, and to reach the length of answers and the
// live fleet. What it finds it throws, so that each test sees what it was.
import { describe, expect, test } from "vitest";
import { START } from "../../../../src/core/base/units.js";
import type { CustomCode } from "../../../../src/core/custom/code.js";
import { createPolicy, policy } from "../../../../src/core/server/gateway/policies/registry.js";
import { openRealm } from "../../../../src/node/code/open-realm.js";
import { facts, signals } from "../../../support/gateway-views.js";
import { loaded, policyModule } from "../../../support/own-code.js";

const paths = [{ name: "standard", isServed: true, rank: 0 }];

function codeOf(text: string): CustomCode {
  const answer = loaded(text);
  if (!answer.ok) throw new Error(answer.issues.map(({ message }) => message).join());
  return answer.code;
}

function policyOf(text: string) {
  const modules = { "./mine.ts": codeOf(text) };
  return createPolicy(
    { ...policy.parse({ policy: "tail-drop" }), policy: "custom", module: "./mine.ts", written: {} } as never,
    { paths, chance: () => 0.5 },
    { modules, open: openRealm, where: "pool shared", paths },
  );
}

/** What the body of `decide` threw, as the run would be told. */
function told(body: string, before = ""): string {
  const policy = policyOf(policyModule(`${before}; return { decide(request, pool, now) { ${body} } };`));
  try {
    return policy.decide(facts(), signals(), START).kind;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Ways to a function that makes functions, of whatever realm, and what is looked for there. */
const HOST = "typeof process + typeof require + typeof globalThis.surgefleet";
const makers = [
  ["its request", "request.constructor"],
  ["the pool it sees", "pool.constructor"],
  ["a method of the pool", "pool.queuedBelow.constructor"],
  ["a list of the pool", "pool.queuedByRank.constructor"],
  ["a number", "now.constructor"],
  ["its options", "options.constructor"],
  ["its context", "context.constructor"],
  ["its chance", "context.chance.constructor"],
  ["a path", "context.paths[0].constructor"],
  ["the global object", "globalThis.constructor"],
  ["an error of the realm", "(() => { try { null.x } catch (error) { return error.constructor } })()"],
  [
    "an error that runs out of stack",
    "(() => { const deep = () => deep(); try { deep() } catch (error) { return error.constructor } })()",
  ],
] as const;

describe("a hostile policy does not get out of its realm", () => {
  test.each(makers)("not by the constructor of %s", (_, maker) => {
    const found = told(`throw new Error("found " + (${maker}).constructor("return ${HOST}")())`);
    expect(found).toMatch(/EvalError: Code generation from strings disallowed/);
    // Each is of the realm: its makers are, too.
    expect(told(`throw new Error("same " + ((${maker}).constructor === Function))`)).toContain("same true");
  });

  test("nothing of the machine is there by name, nor by import", () => {
    const names = ["process", "fetch", "performance", "setTimeout", "module", "exports", "Buffer"];
    for (const name of [...names, "WebAssembly", "console", "surgefleetBridge"])
      expect(told(`throw new Error("it is " + typeof ${name})`)).toContain("it is undefined");
    expect(() => told("import fs from 'node:fs'")).toThrow();
    for (const one of ["node:fs", "fs", "surgefleet/internal", "../../src/node/cli.js"])
      expect(() => policyOf(`import * as found from "${one}"; export default found`)).toThrow(/there is no/);
    expect(told("return import(['node:fs'][0])")).toMatch(/returned a promise/);
    expect(told("require(['node:fs'][0])")).toMatch(/Dynamic require of "node:fs" is not supported/);
  });

  test("time and chance are arguments", () => {
    expect(told("Date.now()")).toMatch(/Date is not there: time is an argument/);
    expect(told("new Date()")).toMatch(/Date is not there: time is an argument/);
    expect(told("Math.random()")).toMatch(/Math.random is not there: chance is an argument/);
  });

  test("what it turns in shared prototypes is turned in its realm alone", () => {
    const pollute = `
      for (const one of [Object, Array, Function, Int32Array, Float64Array, String, Number, Map, Promise])
        one.prototype.stolen = 7;
      Object.prototype.outputTokens = 7;
      Array.prototype.push = () => { throw new Error("host pushed") };
      Function.prototype.call = () => { throw new Error("host called") };
      Int32Array.prototype.fill = () => { throw new Error("host filled") };
      Object.defineProperty(Object.prototype, "get", { value: () => 7 });
      JSON.parse = JSON.stringify = () => { throw new Error("host used JSON") };`;
    expect(told("return 'wait'", pollute)).toBe("wait");
    const here: Record<string, unknown> = {};
    expect([here["stolen"], here["outputTokens"], ([] as unknown as typeof here)["stolen"]]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(typeof Array.prototype.push + typeof JSON.parse).toBe("functionfunction");
  });

  test("what it keeps of a call says nothing of later ones, and cannot be changed", () => {
    const policy = policyOf(
      policyModule(`const kept = []; return { decide(request, pool, now) {
        kept.push([request, pool]);
        const [first, seen] = kept[0];
        for (const one of [first, seen, seen.queuedByRank, context, context.paths[0], options])
          if (!Object.isFrozen(one)) throw new Error("can be changed");
        if (seen.slotsBusy !== 0 || first.inputTokens !== 100) throw new Error("follows the fleet");
        if (Object.keys(first).some((key) => /output/.test(key))) throw new Error("knows the output");
        return kept.length === 2 ? "refuse" : "wait";
      } };`),
    );
    expect(policy.decide(facts(), signals(), START).kind).toBe("wait");
    const given = { ...facts({ inputTokens: 900 }), outputTokens: 42 };
    expect(policy.decide(given, signals({ busy: 9 }), START).kind).toBe("reject");
  });

  test("stacks of errors hand out no frames of the host", () => {
    const frames = `Error.prepareStackTrace = (_, sites) => sites;
      throw new Error("found " + new Error("x").stack[0].getThis())`;
    expect(told(frames)).toMatch(/TypeError: Cannot assign to read only property 'prepareStackTrace'/);
    const other = `globalThis.Error = { prepareStackTrace: (_, sites) => sites }`;
    expect(told(other)).toMatch(/TypeError: Cannot assign to read only property 'Error'/);
    expect(told("throw new Error('it is ' + typeof new Error('x').stack)")).toContain("it is string");
  });

  test("functions that called it cannot be asked for", () => {
    expect(told("throw new Error('it is ' + arguments.callee.caller)")).toMatch(/TypeError/);
  });

  test("what it puts off is never run, and a promise is no verdict", () => {
    const policy = policyOf(
      policyModule(
        `let late = 0; return { decide() { Promise.resolve().then(() => { late++; }); return late === 0 ? "wait" : "refuse" } };`,
      ),
    );
    expect([0, 1].map(() => policy.decide(facts(), signals(), START).kind)).toEqual(["wait", "wait"]);
    const waits = policyOf(policyModule("return { async decide() { return 'wait' } };"));
    expect(() => waits.decide(facts(), signals(), START)).toThrow(/returned a promise/);
  });

  test("values that pretend are held to what they are", () => {
    for (const value of [
      "new Proxy({}, {})",
      "({ toString: () => 'admit' })",
      "new String('admit')",
      "['admit']",
      "0",
      "null",
    ])
      expect(told(`return ${value}`)).toMatch(/decide returned .*; it returns admit, wait/);
    expect(told("throw { get message() { throw 1 }, get stack() { throw 2 } }")).toMatch(/decide: an object/);
    expect(told("const deep = () => 1 + deep(); deep()")).toMatch(/RangeError: Maximum call stack/);
  });
});

describe("a module's realm", () => {
  test("is its own: two of one module share nothing", () => {
    const text = policyModule(
      "globalThis.count = (globalThis.count ?? 0) + 1; const mine = globalThis.count; return { decide: () => { if (mine !== 1) throw new Error('shared'); } };",
    );
    for (const policy of [policyOf(text), policyOf(text)])
      expect(() => policy.decide(facts(), signals(), START)).not.toThrow();
  });

  test("says where in the user's own file its code failed", () => {
    const text = policyModule("return {\n decide() {\n  throw new TypeError('mine');\n }\n};");
    expect(() => policyOf(text).decide(facts(), signals(), START)).toThrow(
      /mine\.ts:8:\d+: policy \.\/mine\.ts of pool shared, at 0 s: decide: TypeError: mine$/,
    );
  });

  test("a create that throws, or makes nothing, is told as that", () => {
    expect(() => policyOf(policyModule("throw new Error('no')"))).toThrow(
      /mine\.ts:6:\d+: .*create: Error: no/,
    );
    expect(() => policyOf(policyModule("return 7"))).toThrow(/create returned 7; it returns a policy/);
    expect(() => policyOf(policyModule("return { decides() {} }"))).toThrow(
      /no method decides; it has decide, /,
    );
    expect(() => policyOf(policyModule("return { decide: 7 }"))).toThrow(/decide is 7; it is a method/);
  });
});
