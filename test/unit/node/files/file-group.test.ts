import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FileGroup } from "../../../../src/node/files/file-group.js";
import { newMark } from "../../../../src/node/files/process-mark.js";

/** No process has this pid: it is above the largest that a system gives. */
const goneMark = () => newMark().replace(/-\d+-\d+-/, "-99999999-1-");
const GONE = goneMark();

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
    expect(seen).toContain(".surgefleet.lock");
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

describe("what a killed command has left", () => {
  const temporary = (index: number, mark = GONE) => `.surgefleet-${mark}.${index}.tmp`;

  it("is taken away by the next one, and nothing else is", () => {
    const mine = temporary(7, newMark());
    const kept = [".surgefleet-notes.tmp", ".surgefleet-1.tmp", "a.csv.partial", mine];
    for (const name of [temporary(0), temporary(1), ...kept]) writeFileSync(at(name), "x");
    symlinkSync(GONE, at(".surgefleet.lock"));
    symlinkSync(goneMark(), at(`.surgefleet-${GONE}.break`));
    filled({ "b.csv": "b" }).commit();
    expect(names()).toEqual([...kept, "b.csv"].sort());
  });

  it("is completed where the files had begun to get their names", () => {
    const renames = [
      [temporary(0), "a.csv"],
      [temporary(1), "manifest.json"],
    ];
    writeFileSync(at("a.csv"), "new");
    writeFileSync(at(temporary(1)), "new");
    for (const name of ["manifest.json", "requests.csv"]) writeFileSync(at(name), "old");
    writeFileSync(at(`.surgefleet-${GONE}.commit`), JSON.stringify({ renames, stale: ["requests.csv"] }));
    symlinkSync(GONE, at(".surgefleet.lock"));
    filled({ "b.csv": "b" }).commit();
    expect(names()).toEqual(["a.csv", "b.csv", "manifest.json"]);
    expect(text("manifest.json")).toBe("new");
  });

  it("is taken away where what was to be done had not been written to its end", () => {
    writeFileSync(at("manifest.json"), "old");
    writeFileSync(at(temporary(0)), "new");
    writeFileSync(at(`.surgefleet-${GONE}.commit`), `{"renames":[["${temporary(0)}","mani`);
    filled({ "b.csv": "b" }).commit();
    expect([names(), text("manifest.json")]).toEqual([["b.csv", "manifest.json"], "old"]);
  });

  it("never makes this one move or remove files that are not of that command or lie elsewhere", () => {
    const renames = [
      ["mine.txt", "a.csv"],
      [temporary(0), "../escaped"],
    ];
    mkdirSync(at("in"));
    writeFileSync(at("in/mine.txt"), "mine");
    writeFileSync(at("outside.txt"), "mine");
    writeFileSync(at(`in/${temporary(0)}`), "x");
    const journal = { renames, stale: ["../outside.txt"] };
    writeFileSync(at(`in/.surgefleet-${GONE}.commit`), JSON.stringify(journal));
    filled({ "in/b.csv": "b" }).commit();
    expect(names()).toEqual(["in", "in/b.csv", "in/mine.txt", "outside.txt"]);
  });
});

it.skipIf(process.getuid?.() !== 0)("lets what other users left in a folder for everyone be (root)", () => {
  const left = [`.surgefleet-${GONE}.0.tmp`, `.surgefleet-${GONE}.commit`];
  writeFileSync(at("mine.txt"), "mine");
  writeFileSync(at(left[0]!), "x");
  writeFileSync(at(left[1]!), JSON.stringify({ renames: [[left[0], "mine.txt"]], stale: ["mine.txt"] }));
  for (const name of left) chownSync(at(name), 4711, 4711);
  chmodSync(folder, 0o1777);
  filled({ "a.csv": "a", "b.csv": "b" }).commit();
  expect([names(), text("mine.txt")]).toEqual([[...left, "a.csv", "b.csv", "mine.txt"], "mine"]);
});

describe("the lock of a folder", () => {
  it("is waited for, and a file of another program under its name is not taken away", () => {
    writeFileSync(at(".surgefleet.lock"), "mine");
    const group = filled({ "a.csv": "a", "b.csv": "b" });
    expect(() => group.commit()).toThrow(/\.surgefleet\.lock is in the way: surgefleet did not make it/);
    group.discard();
    expect([names(), text(".surgefleet.lock")]).toEqual([[".surgefleet.lock"], "mine"]);
  });
});
