import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, describe, expect, test } from "vitest";
import { SurgefleetError } from "../../../../src/core/base/errors.js";
import { readTrace } from "../../../../src/core/index.js";
import { parquetRows } from "../../../../src/node/files/parquet-rows.js";
import { readTextChunks } from "../../../../src/node/files/read-text.js";

const folder = mkdtempSync(join(tmpdir(), "surgefleet-parquet-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Written = Parameters<typeof parquetWriteBuffer>[0];

function file(name: string, content: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const bytesOf = (written: Written) => new Uint8Array(parquetWriteBuffer(written));
const written = (written: Written, name = "t.parquet") => file(name, bytesOf(written));
const text = (path: string) => [...readTextChunks(path)].join("");
const rows = (path: string) => [...readTrace(readTextChunks(path), { file: path, inversions: "sort" })];

const FLAT: Written = {
  columnData: [
    { name: "timestamp", data: [0.5, 1.25, 2], type: "DOUBLE" },
    { name: "input_tokens", data: [10n, 20n, 30n], type: "INT64" },
    { name: "output_tokens", data: [1, 2, 3], type: "INT32" },
    { name: "account", data: ["a", 'b, "c"', "d\ne"], type: "STRING" },
  ],
};
const AS_CSV = 'timestamp,input_tokens,output_tokens,account\n0.5,10,1,a\n1.25,20,2,"b, ""c"""\n2,30,3,d e\n';

describe("flat columns", () => {
  test("may have other names, which are said", () => {
    const names = { sent: "timestamp", prompt: "input_tokens", answer: "output_tokens" };
    const columnData = FLAT.columnData
      .slice(0, 3)
      .map((column, index) => ({ ...column, name: Object.keys(names)[index]! }));
    const path = written({ columnData }, "named.parquet");
    const columns = Object.fromEntries(Object.entries(names).map(([given, meant]) => [meant, given]));
    const read = [...readTrace(readTextChunks(path), { file: path, columns })];
    expect(read.map(({ at, inputTokens, outputTokens }) => [at, inputTokens, outputTokens])).toEqual(
      rows(written(FLAT)).map(({ at, inputTokens, outputTokens }) => [at, inputTokens, outputTokens]),
    );
    expect(() => rows(path)).toThrow(SurgefleetError);
  });

  test("are a CSV, whatever groups and packing the file has", () => {
    const gzip = { codec: "GZIP", compressors: { GZIP: (bytes: Uint8Array) => gzipSync(bytes) } } as const;
    const brotli = {
      codec: "BROTLI",
      compressors: { BROTLI: (bytes: Uint8Array) => brotliCompressSync(bytes) },
    } as const;
    const kinds = [
      {},
      { codec: "UNCOMPRESSED" },
      { rowGroupSize: 2 },
      { rowGroupSize: 1 },
      gzip,
      brotli,
    ] as const;
    expect(kinds.map((kind) => text(written({ ...FLAT, ...kind })))).toEqual(kinds.map(() => AS_CSV));
  });

  test("are read as the CSV of the same rows", () => {
    const csv = join(folder, "same.csv");
    writeFileSync(csv, AS_CSV);
    expect(rows(written(FLAT))).toEqual(rows(csv));
  });

  test("say nothing where there is no value, and times to the microsecond", () => {
    const path = written({
      columnData: [
        {
          name: "TIMESTAMP",
          data: [new Date("2024-05-10T00:00:00.009Z"), new Date("1969-12-31T23:59:59.5Z")],
          type: "TIMESTAMP",
        },
        { name: "x", data: [null, 1], type: "INT32", nullable: true },
      ],
    });
    expect(text(path)).toBe("TIMESTAMP,x\n2024-05-10T00:00:00.009000Z,\n1969-12-31T23:59:59.500000Z,1\n");
  });
});

test("lists and objects are JSON lines", () => {
  const path = written({
    columnData: [
      { name: "timestamp", data: [0, 3000] },
      { name: "input_length", data: [600, 20] },
      { name: "output_length", data: [5, 6] },
      { name: "hash_ids", data: [[1, 2], [3]] },
    ],
    schema: [
      { name: "root", num_children: 4 },
      { name: "timestamp", type: "INT32", repetition_type: "REQUIRED" },
      { name: "input_length", type: "INT32", repetition_type: "REQUIRED" },
      { name: "output_length", type: "INT32", repetition_type: "REQUIRED" },
      { name: "hash_ids", repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
      { name: "list", repetition_type: "REPEATED", num_children: 1 },
      { name: "element", type: "INT32", repetition_type: "OPTIONAL" },
    ],
  } as unknown as Written);
  const read = rows(path);
  expect(read.map(({ at, blocks }) => [at, blocks])).toEqual([
    [0, [1, 2]],
    [3_000_000, [3]],
  ]);
});

describe("what is broken", () => {
  const whole = bytesOf({ ...FLAT, rowGroupSize: 2 });

  test("is told, wherever the file is cut off", () => {
    const messages = new Set<string>();
    for (let length = 4; length < whole.length; length += 17) {
      try {
        text(file("cut.parquet", whole.slice(0, length)));
        messages.add("read");
      } catch (error) {
        messages.add(error instanceof SurgefleetError ? error.code : String(error));
      }
    }
    expect([...messages]).toEqual(["INVALID_TRACE"]);
  });

  test("is told in words of ours, whatever trips over it", () => {
    const messages = new Set<string>();
    for (let place = 4; place < whole.length; place += 5) {
      for (const byte of [0x7f, 0xff]) {
        const bytes = Uint8Array.from(whole);
        bytes[place] = byte;
        try {
          for (const _ of parquetRows(file("odd.parquet", bytes), 50));
        } catch (error) {
          for (const { file: at, message } of (error as SurgefleetError).issues)
            messages.add(`${at.endsWith("odd.parquet")} ${message}`);
        }
      }
    }
    const told = [...messages];
    expect(told.filter((one) => !one.startsWith("true the Parquet file cannot be read: "))).toEqual([]);
    expect(told.filter((one) => /NaN|undefined|offset|thrift|snappy|STOP|eof/.test(one))).toEqual([]);
    const damaged =
      "true the Parquet file cannot be read: it is damaged: what it says of its own columns and pages";
    expect(told).toContain(`${damaged} does not hold`);
  });

  test("is told or is text, whichever byte is another", () => {
    const law = fc.property(fc.nat(whole.length - 5), fc.nat(255), (place, byte) => {
      const bytes = Uint8Array.from(whole);
      bytes[place + 4] = byte;
      try {
        // One that would be read without end is stopped: a tenth of a second is enough for all others.
        for (const chunk of parquetRows(file("odd.parquet", bytes), 100)) expect(chunk).toBeTypeOf("string");
      } catch (error) {
        expect(error).toBeInstanceOf(SurgefleetError);
      }
    });
    fc.assert(law, { numRuns: 100 });
  });

  test("is stopped where it is read without end, as by runs of no length", () => {
    // The first byte of the levels or values of a page, in a file that is known to do so.
    const messages = Array.from({ length: 60 }, (_, place) => {
      const bytes = Uint8Array.from(whole);
      bytes[place + 4] = 0;
      try {
        return [...parquetRows(file("endless.parquet", bytes), 100)].join("");
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(messages.join("\n")).toContain("a row group takes more than 0.1 s to read: it is broken");
  });

  test("is a file without rows", () => {
    const columns = FLAT.columnData.map((column) => ({ ...column, data: [] }));
    expect(() => text(written({ columnData: columns }))).toThrow(/it has no rows|no rows/);
  });
});

test("the file is closed where the reader stops", () => {
  const path = written({ ...FLAT, rowGroupSize: 1 });
  const chunks = readTextChunks(path);
  expect(chunks.next().value).toContain("timestamp");
  chunks.return();
  expect(readFileSync(path).length).toBeGreaterThan(0);
});
