import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { GunzipError, gunzipChunks } from "../../../../src/node/files/gunzip-chunks.js";

const folder = mkdtempSync(join(tmpdir(), "surgefleet-gunzip-"));
afterAll(() => rmSync(folder, { recursive: true }));

const text = Array.from({ length: 3000 }, (_, index) => `${index},${(index * 7919) % 100_003}\n`).join("");
const packed = gzipSync(text);

function flipped(place: number): Buffer {
  const bytes = Buffer.from(packed);
  bytes[(place + bytes.length) % bytes.length]! ^= 0x10;
  return bytes;
}

/** The text, or the code of what is wrong with it. */
function outcome(bytes: Uint8Array): string {
  const path = join(folder, "file.gz");
  writeFileSync(path, bytes);
  try {
    return Buffer.concat([...gunzipChunks(path)]).toString();
  } catch (error) {
    if (error instanceof GunzipError) return error.code;
    throw error;
  }
}

test.each([
  ["as it was written", packed, text],
  ["of two members", Buffer.concat([packed, packed]), text + text],
  ["with zeros behind it, as tapes and blocks leave them", Buffer.concat([packed, Buffer.alloc(20)]), text],
])("a file %s is unpacked", (_, bytes, wanted) => {
  expect(outcome(bytes)).toBe(wanted);
});

test.each([
  ["a sum that does not match", flipped(-6), "Z_DATA_ERROR"],
  ["a length that does not match", flipped(-1), "Z_DATA_ERROR"],
  ["a bit flipped inside", flipped(400), "Z_DATA_ERROR"],
  ["something else behind it", Buffer.concat([packed, Buffer.from("a,b\n")]), "Z_DATA_ERROR"],
  ["its end missing", packed.subarray(0, -4), "Z_BUF_ERROR"],
  ["half of it missing", packed.subarray(0, packed.length / 2), "Z_BUF_ERROR"],
  ["a second member cut off", Buffer.concat([packed, packed.subarray(0, -30)]), "Z_BUF_ERROR"],
])("a file with %s is refused", (_, bytes, code) => {
  expect(outcome(bytes)).toBe(code);
});
