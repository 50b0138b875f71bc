import { createHash } from "node:crypto";
import {
  existsSync,
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
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ResultFolder } from "../../../../src/node/results/result-folder.js";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "surgefleet-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const filled = (path: string) => {
  const folder = new ResultFolder(path);
  folder.add("data.csv", "a\n1\n");
  folder.add("manifest.json", "{}\n");
  return folder;
};

describe("a result folder", () => {
  it("has no file under its name before the commit, and exactly its files afterwards", () => {
    const folder = filled(join(root, "deep/er"));
    const before = readdirSync(folder.path).filter((name) => !name.startsWith("."));
    folder.commit("manifest.json", () => []);
    expect([before, readdirSync(folder.path).sort()]).toEqual([[], ["data.csv", "manifest.json"]]);
  });

  it("tells size and hash of what it wrote, in any number of writes", () => {
    const folder = new ResultFolder(root);
    const file = folder.open("data.csv");
    file.write("ä");
    file.write("\n");
    const sha256 = createHash("sha256").update("ä\n").digest("hex");
    expect(folder.finishFiles()).toEqual({ "data.csv": { bytes: 3, sha256 } });
    folder.discard();
  });

  it("leaves nothing behind when it is discarded, not even the folders it made", () => {
    filled(join(root, "deep/er")).discard();
    expect(readdirSync(root)).toEqual([]);
  });

  it("leaves a folder that was there, and what was in it", () => {
    writeFileSync(join(root, "data.csv"), "old");
    filled(root).discard();
    expect([readdirSync(root), readFileSync(join(root, "data.csv"), "utf8")]).toEqual([["data.csv"], "old"]);
  });

  it("keeps what it committed when it is discarded afterwards", () => {
    const folder = filled(join(root, "out"));
    folder.commit("manifest.json", () => []);
    folder.discard();
    expect(readdirSync(folder.path).sort()).toEqual(["data.csv", "manifest.json"]);
  });

  it("takes away what an earlier run left and this one did not write", () => {
    for (const name of ["requests.csv", "manifest.json", "notes.txt"]) writeFileSync(join(root, name), "old");
    filled(root).commit("manifest.json", () => ["requests.csv"]);
    expect(readdirSync(root).sort()).toEqual(["data.csv", "manifest.json", "notes.txt"]);
  });

  it("takes the place of a link in it, and leaves alone what that leads to", () => {
    mkdirSync(join(root, "out"));
    writeFileSync(join(root, "other.csv"), "other");
    symlinkSync("../other.csv", join(root, "out", "data.csv"));
    filled(join(root, "out")).commit("manifest.json", () => []);
    const texts = ["other.csv", "out/data.csv"].map((name) => readFileSync(join(root, name), "utf8"));
    expect(texts).toEqual(["other", "a\n1\n"]);
  });

  it("changes nothing where a directory is in the way", () => {
    mkdirSync(join(root, "data.csv"));
    writeFileSync(join(root, "manifest.json"), "old");
    const folder = filled(root);
    expect(() => folder.commit("manifest.json", () => [])).toThrow(/data\.csv: a directory is in the way/);
    folder.discard();
    expect(readdirSync(root).sort()).toEqual(["data.csv", "manifest.json"]);
    expect(readFileSync(join(root, "manifest.json"), "utf8")).toBe("old");
  });

  it("says so beforehand where nothing can be written, and makes no folder to find out", () => {
    writeFileSync(join(root, "file"), "");
    expect(() => new ResultFolder(join(root, "file/out")).assertWritable([], [])).toThrow(/cannot write/);
    expect(() => new ResultFolder(join(root, "file")).assertWritable([], [])).toThrow(/is not a directory/);
    mkdirSync(join(root, "data.csv"));
    expect(() => new ResultFolder(root).assertWritable(["data.csv"], [])).toThrow(
      /a directory is in the way/,
    );
    new ResultFolder(join(root, "a/b")).assertWritable(["data.csv"], []);
    expect(existsSync(join(root, "a"))).toBe(false);
  });
});
