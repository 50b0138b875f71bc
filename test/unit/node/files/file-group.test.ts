import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileGroup } from "../../../../src/node/files/file-group.js";

let folder: string;
const at = (name: string) => join(folder, name);
const names = () => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
const text = (name: string) => readFileSync(at(name), "utf8");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "surgefleet-group-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function filled(contents: Readonly<Record<string, string>>): FileGroup {
  const group = new FileGroup();
  for (const [name, content] of Object.entries(contents)) group.open(at(name)).write(content);
  return group;
}

describe("a group of files", () => {
  it("has no name before the commit and leaves nothing else behind", () => {
    const group = filled({ "a.csv": "a", "deep/er/b.csv": "b" });
    expect(names().filter((name) => !/(^|\/)\.surgefleet-/.test(name))).toEqual(["deep", "deep/er"]);
    group.commit();
    group.discard();
    expect(names()).toEqual(["a.csv", "deep", "deep/er", "deep/er/b.csv"]);
  });

  it("is gone with the folders that were made for it when it is discarded", () => {
    filled({ "a.csv": "a", "deep/er/b.csv": "b" }).discard();
    expect(names()).toEqual([]);
  });

  it("is gone when the process ends", () => {
    const group = filled({ "a.csv": "a" });
    const before = process.listenerCount("exit");
    // What a signal or an error that nothing catches comes to in the end.
    process.listeners("exit").at(-1)?.call(process, 130);
    expect([names(), process.listenerCount("exit")]).toEqual([[], before - 1]);
    group.discard();
  });

  it("keeps the permissions of the file that it takes the place of, and other links to that file", () => {
    writeFileSync(at("a.csv"), "old");
    chmodSync(at("a.csv"), 0o640);
    linkSync(at("a.csv"), at("other.csv"));
    filled({ "a.csv": "new" }).commit();
    expect(statSync(at("a.csv")).mode & 0o777).toBe(0o640);
    expect([text("a.csv"), text("other.csv")]).toEqual(["new", "old"]);
  });

  it("takes no name where one of them cannot be had", () => {
    writeFileSync(at("a.csv"), "old");
    mkdirSync(at("b.csv"));
    const group = filled({ "a.csv": "new", "b.csv": "new" });
    expect(() => group.commit()).toThrow(/b\.csv: a directory is in the way/);
    group.discard();
    expect([names(), text("a.csv")]).toEqual([["a.csv", "b.csv"], "old"]);
  });

  it("asks what is stale only when no other command gives names there", () => {
    writeFileSync(at("old.csv"), "old");
    let seen: string[] = [];
    filled({ "a.csv": "a", "z.json": "z" }).commit({
      last: at("z.json"),
      stale: () => {
        seen = names();
        return [at("old.csv")];
      },
    });
    expect(seen.filter((name) => /^\.surgefleet-.*\.lock$/.test(name))).toHaveLength(1);
    expect(names()).toEqual(["a.csv", "z.json"]);
  });

  it("leaves no files where the question for stale ones is an error", () => {
    const group = filled({ "a.csv": "a", "b.csv": "b" });
    const stale = () => {
      throw new Error("not mine");
    };
    expect(() => group.commit({ stale })).toThrow("not mine");
    group.discard();
    expect(names()).toEqual([]);
  });
});
