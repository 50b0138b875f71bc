// What a group of files comes to where its process is killed or a step fails, and what the next command makes of it.
import fs, {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { FileGroup } from "../../../../src/node/files/file-group.js";
import { newMark } from "../../../../src/node/files/process-mark.js";
import { replaceAll } from "../../../../src/node/files/replacement.js";
import { readTogether } from "../../../../src/node/files/settled-read.js";
import { elsewhere, goneMark } from "./marks.js";

const GONE = goneMark();

let folder: string;
const at = (name: string) => join(folder, name);
const names = () => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
const text = (name: string) => readFileSync(at(name), "utf8");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "surgefleet-killed-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(content: string, ...paths: readonly string[]): void {
  const group = new FileGroup();
  try {
    for (const path of paths) group.open(at(path)).write(content);
    group.commit();
  } finally {
    group.discard();
  }
}

/** Asks before each rename. */
function onRename(look: (rename: number) => void): void {
  const { renameSync } = fs;
  let renames = 0;
  fs.renameSync = (from, to) => {
    look(renames++);
    renameSync(from, to);
  };
  syncBuiltinESMExports();
  onTestFinished(restore);
  function restore() {
    fs.renameSync = renameSync;
    syncBuiltinESMExports();
  }
}

/** As if SIGKILL had come before the rename of this number: all that is there then is what is left. */
function killedAt(rename: number, content: string, ...paths: readonly string[]): void {
  const left = `${folder}-left`;
  onTestFinished(() => rmSync(left, { recursive: true, force: true }));
  onRename((at) => at === rename && cpSync(folder, left, { recursive: true }));
  write(content, ...paths);
  rmSync(folder, { recursive: true });
  cpSync(left, folder, { recursive: true });
  moved(GONE);
}

/** The system refuses one rename. */
function failingAt(rename: number): void {
  onRename((at) => {
    if (at === rename) throw Object.assign(new Error("rename"), { code: "EIO", syscall: "rename" });
  });
}

/** As if a process with another mark had left what is there, so many hours ago. */
function moved(mark: string, hours = 0): void {
  const then = Date.now() / 1000 - hours * 3600;
  for (const name of names()) {
    const theirs = /\.surgefleet-(.*-[0-9a-f]{12})\./.exec(name)?.[1];
    if (theirs === undefined) continue;
    const content = text(name).replaceAll(theirs, mark);
    rmSync(at(name));
    writeFileSync(at(name.replace(theirs, mark)), content);
    utimesSync(at(name.replace(theirs, mark)), then, then);
  }
}

describe("a group that is killed half way", () => {
  it.each([0, 1, 2])("is taken back by the next command, in all its folders: at name %i", (rename) => {
    write("old", "one/a.csv", "two/b.csv");
    killedAt(rename, "half", "one/a.csv", "two/b.csv", "two/new.csv");
    write("next", "two/c.csv");
    expect(names()).toEqual(["one", "one/a.csv", "two", "two/b.csv", "two/c.csv"]);
    expect([text("one/a.csv"), text("two/b.csv")]).toEqual(["old", "old"]);
  });

  it("is taken back before a newer one, also where another machine or an earlier boot has left it", () => {
    write("old", "a.csv", "b.csv");
    killedAt(1, "half", "a.csv", "b.csv");
    moved(elsewhere(GONE), 1);
    write("newer", "a.csv", "b.csv");
    moved(elsewhere(GONE), 25);
    write("next", "c.csv");
    expect([text("a.csv"), text("b.csv"), names()]).toEqual(["newer", "newer", ["a.csv", "b.csv", "c.csv"]]);
  });

  it("is taken back before a single file takes one of its names", () => {
    write("old", "a.csv", "b.csv");
    killedAt(1, "half", "a.csv", "b.csv");
    write("newer", "b.csv");
    write("next", "c.csv");
    expect([text("a.csv"), text("b.csv")]).toEqual(["old", "newer"]);
  });

  it("is taken back before its files are read, also in the folder that does not have the record", () => {
    write("old", "one/a.csv", "two/b.csv");
    killedAt(2, "half", "one/a.csv", "two/b.csv", "two/c.csv");
    expect([text("one/a.csv"), text("two/b.csv")]).toEqual(["half", "half"]);
    expect(readTogether([at("two/b.csv")], () => text("two/b.csv"))).toBe("old");
    expect(names()).toEqual(["one", "one/a.csv", "two", "two/b.csv"]);
    expect(text("one/a.csv")).toBe("old");
  });
});

describe("a group in which a step fails", () => {
  it.each([0, 1, 2])("leaves all as it was and names the file: at name %i", (rename) => {
    write("old", "a.csv", "deep/b.csv");
    failingAt(rename);
    const wanted = new RegExp(`cannot write .*${["a", "b", "c"][rename]}\\.csv: the device reports an error`);
    expect(() => write("new", "a.csv", "deep/b.csv", "c.csv")).toThrow(wanted);
    expect([names(), text("a.csv"), text("deep/b.csv")]).toEqual([
      ["a.csv", "deep", "deep/b.csv"],
      "old",
      "old",
    ]);
  });

  it("leaves everything to another command that took it for killed", () => {
    const mark = newMark();
    const files = ["a.csv", "c.csv"].map((name, index) => {
      const temporary = `.surgefleet-${mark}.${index}.tmp`;
      writeFileSync(at(temporary), "half");
      return { folder, name, temporary, named: name };
    });
    let steps = 0;
    const renew = () => {
      if (steps++ === 0) return;
      for (const name of names()) if (name.startsWith(".")) rmSync(at(name));
      for (const { name } of files) writeFileSync(at(name), "newer");
      throw new Error("taken for killed");
    };
    expect(() => replaceAll(folder, mark, files, renew)).toThrow("taken for killed");
    expect([text("a.csv"), text("c.csv"), names().length]).toEqual(["newer", "newer", 2]);
  });

  it("has refused before the first step what only another user can replace", () => {
    for (const name of ["a.csv", "b.csv"]) writeFileSync(at(name), "old");
    chmodSync(folder, 0o1777);
    vi.spyOn(process, "getuid").mockReturnValue(4711);
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    expect(() => write("new", "a.csv", "b.csv")).toThrow(/a\.csv: it belongs to another user/);
    expect([names(), text("a.csv")]).toEqual([["a.csv", "b.csv"], "old"]);
  });
});

describe("what a killed command has left", () => {
  const temporary = (index: number, mark = GONE) => `.surgefleet-${mark}.${index}.tmp`;
  const leave = (name: string, rows: unknown, mark = GONE) =>
    writeFileSync(at(`${name}.surgefleet-${mark}.record`), JSON.stringify(rows));

  it("is taken away by the next one, and nothing else is", () => {
    const mine = temporary(7, newMark());
    const kept = [".surgefleet-notes.tmp", ".surgefleet-1.tmp", "a.csv.partial", mine];
    const left = [temporary(0), temporary(1), `.surgefleet-${GONE}.0.old`, `.surgefleet-${goneMark()}.lock`];
    for (const name of [...left, ...kept]) writeFileSync(at(name), "x");
    write("b", "b.csv");
    expect(names()).toEqual([...kept, "b.csv"].sort());
  });

  it.each(["null", "5", "{}", '[["","a.csv",nu', "[null]", '[["","a.csv"]]'])(
    "does nothing as %s",
    (record) => {
      writeFileSync(at("a.csv"), "old");
      writeFileSync(at(`.surgefleet-${GONE}.record`), record);
      write("b", "b.csv");
      expect([names(), text("a.csv")]).toEqual([["a.csv", "b.csv"], "old"]);
    },
  );

  it("never makes this one move or remove what lies elsewhere or is not of that command", () => {
    mkdirSync(at("in"));
    for (const name of ["in/mine.txt", "outside.txt"]) writeFileSync(at(name), "mine");
    for (const row of [
      ["", "mine.txt", "other.tmp", false],
      ["", "../outside.txt", temporary(0), false],
      ["..", "outside.txt", temporary(0), false],
      ["", temporary(3), temporary(0), false],
    ]) {
      leave("in/", [row], goneMark());
      leave("in/", [row]);
    }
    write("b", "in/b.csv");
    expect(names()).toEqual(["in", "in/b.csv", "in/mine.txt", "outside.txt"]);
  });

  it.skipIf(process.getuid?.() !== 0)(
    "stays in a folder for everyone where it is another user's (root)",
    () => {
      const left = [temporary(0), `.surgefleet-${GONE}.record`, `.surgefleet-${goneMark()}.lock`];
      writeFileSync(at("mine.txt"), "mine");
      leave("", [["", "mine.txt", temporary(1), false]]);
      for (const name of [left[0]!, left[2]!]) writeFileSync(at(name), "");
      for (const name of left) chownSync(at(name), 4711, 4711);
      chmodSync(folder, 0o1777);
      write("a", "a.csv", "b.csv");
      expect([names(), text("mine.txt")]).toEqual([[...left, "a.csv", "b.csv", "mine.txt"].sort(), "mine"]);
    },
  );
});
