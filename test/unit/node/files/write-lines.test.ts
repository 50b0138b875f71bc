import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { writeLines } from "../../../../src/node/files/write-lines.js";
import { everyLookTakes } from "../../../support/clock.js";

let folder: string;
const at = (name: string) => join(folder, name);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "surgefleet-write-lines-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function* lines(count: number): Generator<string> {
  for (let line = 0; line < count; line++) yield `${line},é\n`;
}

it("writes any number of pieces, and lets other files of like names be", async () => {
  for (const name of ["out.csv", "out.csv.partial"]) writeFileSync(at(name), "old");
  await writeLines(at("out.csv"), lines(100_000), [at("out.csv.partial")]);
  expect(readFileSync(at("out.csv"), "utf8")).toBe([...lines(100_000)].join(""));
  expect(readFileSync(at("out.csv.partial"), "utf8")).toBe("old");
  expect(readdirSync(folder).sort()).toEqual(["out.csv", "out.csv.partial"]);
});

it("leaves everything as it was where the pieces end with an error", async () => {
  writeFileSync(at("out.csv"), "old");
  function* broken(): Generator<string> {
    yield* lines(100_000);
    throw new Error("no more");
  }
  await expect(writeLines(at("out.csv"), broken(), [])).rejects.toThrow("no more");
  expect([readdirSync(folder), readFileSync(at("out.csv"), "utf8")]).toEqual([["out.csv"], "old"]);
});

it("follows a link to a file, and refuses one to nothing, in a circle, and to what is read", async () => {
  mkdirSync(at("real"));
  writeFileSync(at("real/file.csv"), "old");
  symlinkSync("real/file.csv", at("link.csv"));
  symlinkSync("none.csv", at("dangling.csv"));
  symlinkSync("loop.csv", at("loop.csv"));
  await writeLines(at("link.csv"), ["new"], []);
  expect(readFileSync(at("real/file.csv"), "utf8")).toBe("new");
  const refused = (name: string) => expect(writeLines(at(name), ["x"], [at("real/file.csv")])).rejects;
  await refused("dangling.csv").toThrow("dangling.csv: this file is a link to what is not there");
  await refused("loop.csv").toThrow(/cannot write .*loop\.csv: its links lead in a circle/);
  await refused("link.csv").toThrow("link.csv: this file is read or written by this command already");
});

it("writes under the longest name that the system takes, and says where one is longer", async () => {
  await writeLines(at("n".repeat(255)), ["x"], []);
  await expect(writeLines(at("n".repeat(256)), ["x"], [])).rejects.toThrow("the name is too long");
  expect(readdirSync(folder)).toEqual(["n".repeat(255)]);
});

it("lets signals through while little is written, and takes none before there is something to write", async () => {
  await turn();
  // Longer than a slice is.
  everyLookTakes(60);
  const before = process.listenerCount("SIGINT");
  let turns = 0;
  const seen: unknown[] = [];
  const count = () => {
    turns++;
    timer = setImmediate(count);
  };
  let timer = setImmediate(count);
  function* slow(): Generator<string> {
    for (let piece = 0; piece < 3; piece++) {
      seen.push([turns > piece - 1, process.listenerCount("SIGINT") - before, readdirSync(folder).length]);
      yield `${piece}\n`;
    }
  }
  await writeLines(at("out.csv"), slow(), []);
  clearImmediate(timer);
  expect(turns).toBeGreaterThan(1);
  expect(seen).toEqual(Array.from({ length: 3 }, () => [true, 0, 0]));
});
