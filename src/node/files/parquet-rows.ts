// Reads a Parquet file as the text of a table: CSV where every column is flat, a JSON object a line where some hold
// lists or objects, so that whatever reads those reads it. One row group is in memory at a time, each within bounds. It
// does not know what columns mean.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import vm from "node:vm";
import zlib from "node:zlib";
import { type FileMetaData, parquetMetadata, parquetSchema, snappyUncompress } from "hyparquet";
import { assembleNested } from "hyparquet/src/assemble.js";
import { parquetHeader, readColumn } from "hyparquet/src/column.js";
import { DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { getTreePath } from "hyparquet/src/schema.js";
import { flatten } from "hyparquet/src/utils.js";
import { SurgefleetError } from "../../core/index.js";
import { reading } from "./system-errors.js";

type RowGroup = FileMetaData["row_groups"][number];
type SchemaTree = ReturnType<typeof parquetSchema>;
type Column = ArrayLike<unknown>;

const MIB = 1024 * 1024;
const FOOTER_BYTES = 8;
const MOST_METADATA = 64 * MIB;
/** Of a row group, unpacked: two of its copies and the values made of it fit into a gibibyte. */
const MOST_GROUP = 256 * MIB;
const MOST_GROUP_ROWS = 8 * MIB;
const MOST_VALUES = 32 * MIB;
/** Rows whose text is handed out at once. */
const ROWS_AT_ONCE = 1024;

/** How long a row group may take, many times what the largest does: a broken one can be read without end. */
const PATIENCE_MS = 15_000;

/**
 * Yields the text of the file in chunks, a header first where it is CSV. Throws INVALID_TRACE for what is broken, out
 * of bounds, or packed in a way that is not known here.
 */
export function* parquetRows(path: string, patienceMs = PATIENCE_MS): Generator<string, void, undefined> {
  const file = new BytesOf(path);
  try {
    const metadata = read(path, () => file.metadata());
    const schema = read(path, () => parquetSchema(metadata));
    if (metadata.row_groups.length === 0) throw broken(path, "it has no rows");
    const write = schema.children.some(({ children }) => children.length > 0) ? jsonLines : csvLines;
    let isFirst = true;
    for (const group of metadata.row_groups) {
      const columns = read(path, () => within(patienceMs, () => columnsOf(file, schema, group)));
      yield* write(columns, Number(group.num_rows), isFirst);
      isFirst = false;
    }
  } finally {
    file.close();
  }
}

class BytesOf {
  readonly #path: string;
  readonly #descriptor: number;
  readonly #size: number;

  constructor(path: string) {
    this.#path = path;
    this.#descriptor = reading(path, () => openSync(path, "r"));
    this.#size = reading(path, () => fstatSync(this.#descriptor)).size;
  }

  metadata(): FileMetaData {
    if (this.#size < 2 * FOOTER_BYTES) throw new Damage("it is too short");
    const footer = new DataView(this.slice(this.#size - FOOTER_BYTES, this.#size).buffer);
    const length = footer.getUint32(0, true) + FOOTER_BYTES;
    if (footer.getUint32(4, true) !== 0x31524150) throw new Damage("its end is missing: is it cut off?");
    if (length > this.#size) throw new Damage("its metadata are longer than the file");
    if (length > MOST_METADATA) throw new Damage(`its metadata are larger than ${MOST_METADATA / MIB} MiB`);
    return parquetMetadata(this.slice(this.#size - length, this.#size).buffer, { geoparquet: false });
  }

  slice(from: number, to: number): Uint8Array<ArrayBuffer> {
    if (!(from >= 0 && to >= from && to <= this.#size)) throw new Damage("it points to bytes beyond its end");
    const bytes = new Uint8Array(to - from);
    for (let done = 0; done < bytes.length; ) {
      const count = reading(this.#path, () =>
        readSync(this.#descriptor, bytes, done, bytes.length - done, from + done),
      );
      if (count === 0) throw new Damage("it is cut off");
      done += count;
    }
    return bytes;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** The columns of a row group by their names, each a list of values. */
function columnsOf(file: BytesOf, schema: SchemaTree, group: RowGroup): ReadonlyMap<string, Column> {
  const rows = Number(group.num_rows);
  const bytes = group.columns.reduce(
    (sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0),
    0,
  );
  if (rows > MOST_GROUP_ROWS) throw new Damage(`a row group has more than ${MOST_GROUP_ROWS} rows`);
  if (bytes > MOST_GROUP)
    throw new Damage(`a row group is larger than ${MOST_GROUP / MIB} MiB unpacked: write smaller ones`);
  const leaves = new Map<string, unknown[]>();
  for (const { meta_data: column } of group.columns) {
    if (column === undefined) throw new Damage("a column has no metadata");
    const schemaPath = getTreePath(schema, column.path_in_schema);
    const from = Number(column.dictionary_page_offset || column.data_page_offset);
    const packed = file.slice(from, from + Number(column.total_compressed_size));
    const decoder = {
      ...{ pathInSchema: column.path_in_schema, schemaPath, element: schemaPath.at(-1)!.element },
      ...{ type: column.type, codec: column.codec, compressors: UNPACK, parsers: PARSERS },
    };
    const select = { groupStart: 0, selectStart: 0, selectEnd: rows, groupRows: rows };
    checkPages(packed, Number(column.num_values));
    const { data } = readColumn({ view: new DataView(packed.buffer), offset: 0 }, select, decoder);
    leaves.set(column.path_in_schema.join("."), Array.from(flatten(data) as ArrayLike<unknown>));
  }
  const columns = new Map<string, Column>();
  for (const child of schema.children) {
    if (child.children.length > 0) assembleNested(leaves, child, PARSERS);
    const values = leaves.get(child.element.name);
    if (values === undefined || values.length < rows)
      throw new Damage(`column "${child.element.name}" is incomplete`);
    columns.set(child.element.name, values);
  }
  return columns;
}

/**
 * Pages that do not go on, or hold other numbers of values than their column, would be read without end, or into
 * any amount of memory.
 */
function checkPages(packed: Uint8Array<ArrayBuffer>, values: number): void {
  if (!(values >= 0 && values <= MOST_VALUES))
    throw new Damage(`a column of a row group has more than ${MOST_VALUES} values`);
  const reader = { view: new DataView(packed.buffer), offset: 0 };
  let left = values;
  while (left > 0) {
    if (reader.offset >= packed.length - 1) throw new Damage("a column has fewer values than it says");
    const header = parquetHeader(reader);
    const { compressed_page_size: size, data_page_header: page, data_page_header_v2: page2 } = header;
    if (!(size >= 0 && reader.offset + size <= packed.length))
      throw new Damage("a page reaches beyond its column");
    reader.offset += size;
    const words = header.dictionary_page_header?.num_values ?? 0;
    const count = header.type === "DICTIONARY_PAGE" ? 0 : (page?.num_values ?? page2?.num_values ?? 0);
    if (!(count >= 0 && count <= left && words >= 0 && words <= MOST_VALUES)) {
      throw new Damage("a page holds more values than its column");
    }
    left -= count;
  }
}

/** What a page says of its length is bounded before anything is made for it. */
function unpacked(unpack: (packed: Uint8Array, length: number) => Uint8Array) {
  return (packed: Uint8Array, length: number): Uint8Array => {
    if (!(length >= 0 && length <= MOST_GROUP))
      throw new Damage(`a page is larger than ${MOST_GROUP / MIB} MiB unpacked`);
    return unpack(packed, length);
  };
}

const UNPACK = {
  SNAPPY: unpacked((packed, length) => {
    const bytes = new Uint8Array(length);
    snappyUncompress(packed, bytes);
    return bytes;
  }),
  GZIP: unpacked((packed, length) => zlib.gunzipSync(packed, { maxOutputLength: length })),
  BROTLI: unpacked((packed, length) => zlib.brotliDecompressSync(packed, { maxOutputLength: length })),
  ZSTD: unpacked((packed, length) => {
    const { zstdDecompressSync } = zlib as { zstdDecompressSync?: typeof zlib.brotliDecompressSync };
    if (zstdDecompressSync === undefined) {
      throw new Damage(
        "it is packed with Zstandard, which this version of Node does not have (22.15 and later do)",
      );
    }
    return zstdDecompressSync(packed, { maxOutputLength: length });
  }),
};

/** Times keep their microseconds, as dates with an offset. */
const PARSERS = {
  ...DEFAULT_PARSERS,
  timestampFromMilliseconds: (millis: bigint) => dateText(millis * 1000n),
  timestampFromMicroseconds: dateText,
  timestampFromNanoseconds: (nanos: bigint) => dateText(nanos / 1000n),
} as unknown as typeof DEFAULT_PARSERS;

function dateText(micros: bigint): string {
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((micros - rest) / 1000n)).toISOString().slice(0, 19);
  return `${seconds}.${String(rest).padStart(6, "0")}Z`;
}

function* csvLines(
  columns: ReadonlyMap<string, Column>,
  rows: number,
  isFirst: boolean,
): Generator<string, void, undefined> {
  let text = isFirst ? `${[...columns.keys()].map(csvCell).join(",")}\n` : "";
  const lists = [...columns.values()];
  for (let row = 0; row < rows; row++) {
    text += `${lists.map((list) => csvCell(list[row])).join(",")}\n`;
    if (row % ROWS_AT_ONCE < ROWS_AT_ONCE - 1) continue;
    yield text;
    text = "";
  }
  yield text;
}

function csvCell(value: unknown): string {
  if (value === undefined || value === null) return "";
  const text = value instanceof Date ? value.toISOString() : String(value);
  // A field of CSV ends on its line here; what columns of a trace say has no line ends.
  const plain = text.replaceAll(/[\r\n\0\uFFFD]/g, " ");
  return /[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

function* jsonLines(columns: ReadonlyMap<string, Column>, rows: number): Generator<string, void, undefined> {
  let text = "";
  for (let row = 0; row < rows; row++) {
    const object = Object.fromEntries([...columns].map(([name, list]) => [name, list[row]]));
    text += `${JSON.stringify(object, jsonValue).replaceAll("\uFFFD", "\\ufffd")}\n`;
    if (row % ROWS_AT_ONCE < ROWS_AT_ONCE - 1) continue;
    yield text;
    text = "";
  }
  yield text;
}

function jsonValue(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? Number(value) : value;
}

/** What the work returns; where it takes longer it is stopped, which only a virtual machine can do. */
function within<Result>(patienceMs: number, work: () => Result): Result {
  const realm = vm.createContext({ work });
  try {
    return vm.runInContext("work()", realm, { timeout: patienceMs }) as Result;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
    throw new Damage(`a row group takes more than ${patienceMs / 1000} s to read: it is broken`);
  }
}

/** What the library throws is about the file. */
function read<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof SurgefleetError) throw error;
    // It may quote the file.
    throw broken(
      path,
      whyOf(error)
        .replaceAll(/[^\x20-\x7E]/g, "?")
        .slice(0, 200),
    );
  }
}

/** What the library cannot read though the file may be whole. */
const UNSUPPORTED = /^parquet (?:unsupported .*(?<!undefined)|bson not supported|interval not supported)$/;

/**
 * In our own words: where the library or the language trips over what the file says, theirs are of their insides, such
 * as an offset that is no number.
 */
function whyOf(error: unknown): string {
  if (error instanceof Damage) return error.message;
  if (error instanceof Error && UNSUPPORTED.test(error.message)) return error.message;
  return "it is damaged: what it says of its own columns and pages does not hold";
}

/** What is found to be wrong here, in words that a reader of the file understands. */
class Damage extends Error {}

function broken(path: string, why: string): SurgefleetError {
  const message = `the Parquet file cannot be read: ${why}`;
  const issue = { file: path, line: 0, column: 0, path: "", message };
  return new SurgefleetError("INVALID_TRACE", `${path} cannot be read as Parquet`, [issue]);
}
