import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { readTextChunks } from "../../../../src/node/files/read-text.js";

const folder = mkdtempSync(join(tmpdir(), "surgefleet-read-text-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function read(path: string): string {
  return [...readTextChunks(path)].join("");
}

describe("readTextChunks", () => {
  test("gives the text back, also where a chunk ends inside a character", () => {
    const text = `x${"\u{1f600}é".repeat(30_000)}`;
    expect(read(file("emoji.txt", text))).toBe(text);
  });

  test("reads more than one chunk, each of at most 64 KiB", () => {
    const lengths = Array.from(readTextChunks(file("long.txt", "a".repeat(150_000))), (text) => text.length);
    expect(lengths).toEqual([65_536, 65_536, 18_928]);
  });

  test("drops a byte order mark and takes an empty file", () => {
    expect([read(file("bom.txt", "\uFEFFa")), read(file("empty.txt", ""))]).toEqual(["a", ""]);
  });

  test("a caller may stop early", () => {
    const chunks = readTextChunks(file("early.txt", "a".repeat(150_000)));
    chunks.next();
    expect([chunks.return(undefined).done, chunks.next().done]).toEqual([true, true]);
  });

  test.each([
    ["a lone byte", [0x61, 0xff, 0x62]],
    ["a character cut at the end", [0x61, 0xc3]],
    ["UTF-16", [0xff, 0xfe, 0x61, 0x00]],
  ])("refuses %s", (_, bytes) => {
    const path = file("binary.txt", Uint8Array.from(bytes));
    expect(() => read(path)).toThrow(
      expect.objectContaining({ code: "INVALID_TRACE", message: expect.stringContaining("not UTF-8 text") }),
    );
  });

  describe("gzip, known by its first bytes whatever the name", () => {
    // Hardly compressible, so that the packed file too is longer than a chunk.
    const lines = Array.from(
      { length: 30_000 },
      (_, index) => `${index},${(index * 2_654_435_761) % 1_000_003},é`,
    );
    const text = `${lines.join("\n")}\n`;
    const packed = gzipSync(text);

    test("gives the text that was packed, in bounded chunks", () => {
      const chunks = [...readTextChunks(file("trace.csv", packed))];
      expect(packed.length).toBeGreaterThan(65_536);
      expect(chunks.join("")).toBe(text);
      expect(Math.max(...chunks.map((chunk) => chunk.length))).toBeLessThanOrEqual(65_536);
    });

    test("gives the texts of files packed one behind the other", () => {
      expect(read(file("two.gz", Buffer.concat([gzipSync("a,b\n"), gzipSync("c,d\n")])))).toBe("a,b\nc,d\n");
    });

    test("a caller may stop early", () => {
      const chunks = readTextChunks(file("early.gz", packed));
      chunks.next();
      expect([chunks.return(undefined).done, chunks.next().done]).toEqual([true, true]);
    });

    test("says that a file is cut off, behind the text that is there", () => {
      const chunks = readTextChunks(file("cut.gz", packed.subarray(0, packed.length - 20)));
      expect(text.startsWith(chunks.next().value ?? "none")).toBe(true);
      expect(() => [...chunks]).toThrow(
        expect.objectContaining({
          code: "INVALID_TRACE",
          message: expect.stringContaining("the gzip file is cut off"),
        }),
      );
    });

    test("says that a file is broken", () => {
      const broken = Buffer.from(packed);
      broken[broken.length - 6]! ^= 0xff;
      expect(() => read(file("broken.gz", broken))).toThrow(
        expect.objectContaining({
          code: "INVALID_TRACE",
          message: expect.stringContaining("the gzip file is broken"),
        }),
      );
      expect(() => read(file("stub.gz", Uint8Array.of(0x1f, 0x8b, 9, 9)))).toThrow("gzip file is");
    });
  });

  test("knows Parquet by its first bytes", () => {
    expect(() => read(file("trace.parquet", "PAR1 and so on"))).toThrow(
      "the Parquet file cannot be read: it is too short",
    );
  });

  test("takes the same bytes further on for what they are, no text", () => {
    const bytes = new Uint8Array(65_538).fill(0x61);
    bytes.set([0x1f, 0x8b], 65_536);
    expect(() => read(file("late.txt", bytes))).toThrow("not UTF-8 text (between byte 65536 and byte 65538)");
  });

  test.each([
    ["a missing file", join(folder, "none.csv"), "there is no such file"],
    ["a directory", folder, "it is a directory, not a file"],
    ["a path through a file", join(file("plain.txt", ""), "x"), "is not a directory"],
    ["a name that no system takes", join(folder, "n".repeat(5000)), "the name is too long"],
  ])("says plainly what is wrong with %s", (_, path, message) => {
    expect(() => read(path)).toThrow(
      expect.objectContaining({ code: "NOT_FOUND", message: expect.stringContaining(message) }),
    );
  });

  test.skipIf(process.getuid?.() === 0)("says that there is no permission (skipped for root)", () => {
    const path = file("secret.txt", "a");
    chmodSync(path, 0);
    expect(() => read(path)).toThrow("there is no permission to read it");
  });
});
