// Files that are not what a command expects, through the whole command line: exit code 2, one line that names the file,
// nothing written, no hang.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { everyLookTakes } from "../../../support/clock.js";
import { OVERLOADED, writeScenario } from "../../../support/small-fleet.js";
import { surgefleet } from "./hosted.js";

let folder: string;
let there: readonly string[];
const at = (name: string) => join(folder, name);
const TRACE = "timestamp,input_tokens,output_tokens\n";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "surgefleet-files-"));
  writeScenario(folder, OVERLOADED.replace("duration: 20s", "duration: 1s"));
  writeFileSync(at("trace.csv"), `${TRACE}0,1,1\n1,2,2\n`);
  writeFileSync(at("base.yaml"), "extends: ./scenario.yaml\n");
  mkdirSync(at("folder"));
  symlinkSync("loop", at("loop"));
  symlinkSync("loop.csv", at("loop.csv"));
  symlinkSync("nothing", at("dangling.csv"));
  there = readdirSync(folder).sort();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function told(words: readonly string[]): Promise<string> {
  const { code, stdout: printed, stderr: text } = await surgefleet(words, { cwd: folder });
  expect({ code, printed }, text).toEqual({ code: 2, printed: "" });
  expect(text.trimEnd().split("\n")).toHaveLength(1);
  expect(text).not.toContain("internal error");
  expect(readdirSync(folder).sort()).toEqual(there);
  return text;
}

/** A name, how it is made, and what is said of it. */
const UNREADABLE = [
  ["a circle of links", () => at("loop"), "its links lead in a circle"],
  ["a name that is too long", () => at("n".repeat(300)), "the name is too long"],
  ["a file in place of a folder", () => at("trace.csv/x"), "a part of its path is not a directory"],
  ["a device that never ends", () => "/dev/zero", "it is a device, not a file"],
] as const;

const READERS: readonly (readonly string[])[] = [
  ["run", "--no-out"],
  ["check"],
  ["compare", "folder"],
  ["validate"],
  ["stability"],
  ["report"],
  ["calibrate"],
  ["trace", "inspect"],
  ["trace", "fit"],
];

describe.each(UNREADABLE)("%s", (_, name, why) => {
  it.each(READERS)("is refused as what %s %s reads", async (...words) => {
    const path = name();
    expect(await told([...words.filter((word) => word !== "folder"), path])).toBe(
      `error: cannot read ${path}: ${why}\n`,
    );
  });
});

describe("what is to be written", () => {
  const outputs = (path: string): readonly (readonly string[])[] => [
    ["trace", "convert", at("trace.csv"), path, "--to", "generic"],
    ["trace", "generate", at("scenario.yaml"), "--out", path],
    ["check", at("scenario.yaml"), "--seeds", "2", "--junit", path],
  ];
  const long = `${"n".repeat(300)}.csv`;

  it.each([
    ["loop.csv", "its links lead in a circle"],
    [long, "the name is too long"],
    ["trace.csv/x.csv", "a part of its path is not a directory"],
    ["dangling.csv", "this file is a link to what is not there"],
  ])("is refused as %s", async (name, why) => {
    for (const words of outputs(at(name))) expect(await told(words)).toContain(why);
  });

  it("is refused as a folder, a device and what the command reads, also through a base", async () => {
    const generate = ["trace", "generate", at("scenario.yaml"), "--out"];
    const junit = ["check", at("scenario.yaml"), "--junit"];
    expect(await told([...junit, at("folder")])).toMatch(/this file is not a plain file/);
    expect(await told([...junit, "/dev/null"])).toMatch(/this file is not a plain file/);
    expect(await told([...generate, at("folder/../dangling.csv")])).toMatch(/link to what is not there/);
    const check = ["check", at("base.yaml"), "--markdown", at("scenario.yaml")];
    expect(await told(check)).toMatch(/is read or written by this command already/);
  });

  it.each(["loop", "trace.csv", "/dev/null", "n".repeat(300)])(
    "is refused as a result folder %s",
    async (name) => {
      const out = name.startsWith("/") ? name : at(name);
      expect(await told(["run", at("scenario.yaml"), "--out", out])).toMatch(/^error: cannot write /);
    },
  );
});

it.skipIf(process.platform === "win32")("a pipe that nothing writes to is given up", async () => {
  everyLookTakes(100);
  const path = at("pipe");
  spawnSync("mkfifo", [path]);
  there = [...there, "pipe"].sort();
  expect(await told(["run", path])).toMatch(/^error: cannot read .*pipe: nothing writes to this pipe/);
});
