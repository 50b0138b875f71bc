// The rooms of the folder tree: architecture.json names every room, its import rules hold and would catch a violation
// of each kind, and no room outgrows the others.
import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { architecture } from "../support/architecture-text.js";
import { ROOT, sourceFiles } from "../support/source-files.js";

const { rooms, libraries } = architecture;
const RULES = join(ROOT, ".dependency-cruiser.cjs");

interface Rules {
  readonly forbidden: readonly { readonly name: string }[];
}

interface Summary {
  readonly totalCruised: number;
  readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
}

/** Runs the tool as `npm run imports` does, in a folder that has a src. It exits with the number of errors. */
async function cruise(folder: string): Promise<Summary> {
  const tool = join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruise.mjs");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [tool, "src", "--config", RULES, "--output-type", "json"],
    { cwd: folder, maxBuffer: 64 * 1024 * 1024 },
  );
  return (JSON.parse(stdout) as { readonly summary: Summary }).summary;
}

/** A room that the pattern names: `server/(profile|gateway)` as `server/profile`. */
const nameOf = (pattern: string) => pattern.replace(/\((\w+)\|.*\)/, "$1");

const mayImport = (from: (typeof rooms)[number], to: string) =>
  to === from.room ||
  [from.room, ...from.imports].some((pattern) => new RegExp(`^(${pattern})(/|$)`).test(to));

/** A file for every rule that breaks it, with the rule. */
function planted(): { readonly path: string; readonly text: string; readonly rule: string }[] {
  const imports = (from: string, to: string) =>
    `import "${relative(dirname(from), to).replace(/^(?!\.)/, "./")}";\n`;
  const upward = rooms.map((room) => {
    const path = `src/core/${room.room}/planted-upward.ts`;
    const target = [...rooms].reverse().find(({ room: other }) => !mayImport(room, other))?.room;
    const to = target === undefined ? "src/core/index.js" : `src/core/${target}/marked.js`;
    return { path, text: imports(path, to), rule: `${room.room}-imports-downward` };
  });
  const misplaced = libraries.map(({ library, rooms: allowed }) => {
    const room = rooms.find(({ room: name }) => !allowed.some((one) => name.startsWith(one)))!.room;
    const name = library === "@stdlib/*" ? "@stdlib/math-base-special-ln" : library;
    const path = `src/core/${room}/planted-${library.replace(/\W/g, "")}.ts`;
    return { path, text: `import "${name}";\n`, rule: `${library}-in-its-rooms` };
  });
  const others = [
    ["src/core/base/planted-node.ts", 'import "node:fs";\n', "core-is-pure"],
    ["src/core/engine/planted-process.ts", 'import "../../node/marked.js";\n', "core-does-not-know-node"],
    ["src/node/planted-inside.ts", 'import "../core/base/marked.js";\n', "node-uses-the-core-entry"],
    ["src/node/planted-web.ts", 'import "../web/marked.js";\n', "node-does-not-know-web"],
    ["src/web/planted-value.ts", 'import "../core/index.js";\n', "web-knows-the-core-entry-by-type"],
    ["src/web/planted-node.ts", 'import "../node/marked.js";\n', "web-stands-alone"],
    ["src/realm/planted-host.ts", 'import "../core/base/marked.js";\n', "realm-stands-alone"],
    ["src/node/planted-realm.ts", 'import "../realm/marked.js";\n', "nobody-knows-the-realm"],
    ["src/core/base/planted-circle.ts", 'import "./planted-ring.js";\n', "no-cycles"],
    ["src/node/planted-test.ts", 'import "../../test/marked.js";\n', "no-test-code-in-source"],
    ["src/core/base/planted-missing.ts", 'import "./nowhere.js";\n', "no-unresolved"],
    ["src/node/planted-tool.ts", 'import "vitest";\n', "no-dev-dependency-in-source"],
  ] as const;
  return [...upward, ...misplaced, ...others.map(([path, text, rule]) => ({ path, text, rule }))];
}

describe("the import rules", () => {
  let folder = "";
  beforeAll(() => {
    mkdirSync(join(ROOT, ".cache"), { recursive: true });
    folder = mkdtempSync(join(ROOT, ".cache/rooms-"));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  // One run for both: it takes most of what these tests take, and what is planted is imported by nothing.
  test("hold, would catch a violation of every kind, and the tool has seen the whole tree", async () => {
    const files = planted();
    const put = (path: string, text: string) => {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    };
    cpSync(join(ROOT, "src"), join(folder, "src"), { recursive: true });
    for (const { path, text } of files) put(path, text);
    put("src/core/base/planted-ring.ts", 'import "./planted-circle.js";\n');
    for (const { room } of rooms) put(`src/core/${room}/marked.ts`, "export const MARKED = 1;\n");
    for (const path of ["src/node/marked", "src/web/marked", "src/realm/marked", "test/marked"])
      put(`${path}.ts`, "export const MARKED = 1;\n");
    for (const path of ["package.json", "tsconfig.base.json"]) cpSync(join(ROOT, path), join(folder, path));
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));

    const { totalCruised, violations } = await cruise(folder);
    const isPlanted = ({ from }: { readonly from: string }) => from.includes("planted");
    expect(violations.filter((one) => !isPlanted(one))).toEqual([]);
    const caught = violations.map(({ from, rule }) => `${rule.name}: ${from}`);
    expect(files.map(({ path, rule }) => `${rule}: ${path}`).filter((one) => !caught.includes(one))).toEqual(
      [],
    );
    expect(totalCruised).toBeGreaterThan(sourceFiles("src").length + files.length - 1);
  });

  test("have a planted violation each", () => {
    const { forbidden } = createRequire(import.meta.url)(RULES) as Rules;
    const kinds = new Set(planted().map(({ rule }) => rule));
    expect(forbidden.map(({ name }) => name).filter((name) => !kinds.has(name))).toEqual([]);
  });
});

describe("the list of rooms", () => {
  const files = sourceFiles("src");
  const linesOf = (among: readonly { readonly text: string }[]) =>
    among.reduce((sum, { text }) => sum + text.split("\n").length - 1, 0);
  const within = (folder: string) => files.filter(({ path }) => path.startsWith(`${folder}/`));

  test("has every folder of the core, and no other", () => {
    const homeless = within("src/core").filter(
      ({ path }) =>
        !/^src\/core\/(index|internal|contracts)\.ts$/.test(path) &&
        !rooms.some(({ room }) => path.startsWith(`src/core/${room}/`)),
    );
    expect(homeless.map(({ path }) => path)).toEqual([]);
    expect(rooms.filter(({ room }) => within(`src/core/${room}`).length === 0)).toEqual([]);
    const named = rooms.flatMap(({ imports }) => imports.map(nameOf));
    expect(named.filter((name) => within(`src/core/${name}`).length === 0)).toEqual([]);
  });

  test("has every library that is installed with the package, and no other", () => {
    const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const scoped = Object.keys(dependencies).map((name) => name.replace(/^(@stdlib)\/.*/, "$1/*"));
    const inNode = libraries.filter(({ rooms: allowed }) => !allowed.includes("web"));
    expect([...new Set(scoped)].sort()).toEqual(inNode.map(({ library }) => library).sort());
  });

  test("has no room above a quarter of the source, and no folder of files above an eighth", () => {
    const whole = linesOf(files);
    const all = ["src/node", "src/web", ...rooms.map(({ room }) => `src/core/${room}`)];
    const large = all.filter((room) => linesOf(within(room)) > whole / 4);
    expect(large).toEqual([]);
    const folders = [...new Set(files.map(({ path }) => dirname(path)))];
    const full = folders.filter(
      (folder) => linesOf(files.filter(({ path }) => dirname(path) === folder)) > 0.12 * whole,
    );
    expect(full).toEqual([]);
  });
});
