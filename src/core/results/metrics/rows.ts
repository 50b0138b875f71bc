// A metric is one row of a table: what a result holds of it, in words too, from what it is read, how it is pooled over
// replications, its columns in a CSV file, and what a threshold may ask. Everything that lists metrics is made from
// rows: the types of results, their schema, pooling, columns, thresholds, documents. Knows rows, not which there are.
import type { Ask } from "./asks.js";
import type { PooledFrom, PooledRuns, PoolRule } from "./pooling.js";
import type { Summary } from "./summary.js";

/** What a row can hold, by what its schema calls it. */
interface Plain {
  readonly count: number;
  readonly measured: number | null;
  readonly text: string;
  readonly "optional-text": string | null;
  /** Where there is none, results leave its key out. */
  readonly "text-if-any": string | undefined;
  readonly flag: boolean;
  readonly summary: Summary;
  /** By name. */
  readonly counts: Readonly<Partial<Record<string, number>>>;
}

/** What of JSON stands in a result, for its schema. */
export type Holds =
  | { readonly kind: keyof Plain }
  | { readonly kind: "choice"; readonly of: readonly string[] }
  | { readonly kind: "group"; readonly table: Table; readonly isOptional: boolean };

// biome-ignore lint/suspicious/noExplicitAny: a table has rows of every type
export type Table = Readonly<Record<string, Row<any, any, any>>>;
// biome-ignore lint/suspicious/noExplicitAny: likewise
export type ReadTable<Source> = Readonly<Record<string, ReadRow<Source, any, any, any>>>;

export type Field = string | number | null | undefined;

/** One column of a CSV file. */
export interface Column<Value> {
  readonly name: string;
  /** Columns stand in the order of this number, and of the table where it is equal: see `place` of a row. */
  readonly place: number;
  readonly value: (value: Value) => Field;
}

/** What documents say of a column, or of several columns at once. */
export interface ColumnText {
  /** As in Markdown: `ttft_s_*`. */
  readonly names: string;
  readonly place: number;
  readonly unit: string;
  readonly means: string;
}

/** One number of a result, or several under one name. `Whole` is what its rule of pooling must know of a result. */
export interface Row<Value, Name extends string = never, Whole = never> {
  /** Ends a table's cell, so that it begins in lower case and has no full stop. */
  readonly means: string;
  readonly holds: Holds;
  readonly pool: PoolRule<Value, Whole>;
  readonly columns: readonly Column<Value>[];
  readonly texts: readonly ColumnText[];
  /** What thresholds may ask of it, by name. */
  readonly asks: readonly Ask<Name>[];
}

/** A row whose value is read from what was counted. */
export interface ReadRow<Source, Value, Name extends string = never, Whole = never>
  extends Row<Value, Name, Whole> {
  readonly read: (source: Source) => Value;
}

/** A row of what is made elsewhere and that no CSV file lists: what it holds and how it is pooled. */
export function cell<Kind extends keyof Plain>(
  means: string,
  kind: Kind,
  pool: PoolRule<Plain[Kind]>,
): Row<Plain[Kind]> {
  return { means, holds: { kind }, pool, columns: [], texts: [], asks: [] };
}

/** What a result holds of a table: its keys, each with what its row reads. */
export type ResultOf<Rows> = {
  // biome-ignore lint/suspicious/noExplicitAny: of whatever it is pooled
  readonly [Key in keyof Rows]: Rows[Key] extends Row<infer Value, any> ? Value : never;
};

/** The names that a threshold may ask a table for. */
export type NamesOf<Rows> = {
  [Key in keyof Rows]: Rows[Key] extends { readonly asks: readonly Ask<infer Name>[] } ? Name : never;
}[keyof Rows];

export function readRows<Source, Rows extends ReadTable<Source>>(
  table: Rows,
  source: Source,
): ResultOf<Rows> {
  const values: Record<string, unknown> = {};
  for (const key in table) values[key] = table[key]!.read(source);
  return values as ResultOf<Rows>;
}

/** Takes at least one row. */
export function pooledRows<Rows extends Table>(
  table: Rows,
  rows: readonly ResultOf<Rows>[],
  pooled: PooledRuns,
): ResultOf<Rows> {
  const from: PooledFrom<never> = { ...pooled, rows: rows as readonly never[] };
  const values: Record<string, unknown> = {};
  for (const key in table) {
    values[key] = table[key]!.pool.pool(
      rows.map((row) => row[key]),
      from,
    );
  }
  return values as ResultOf<Rows>;
}

/** What all rows of a table can be read from. */
export type SourceOf<Rows> = Rows[keyof Rows] extends { readonly read: (source: infer Source) => unknown }
  ? Source
  : never;

/** Several rows under one key. */
export function group<Rows extends ReadTable<never>>(
  means: string,
  table: Rows,
): ReadRow<SourceOf<Rows>, ResultOf<Rows>, NamesOf<Rows>> {
  return {
    ...groupOf(means, table),
    asks: asksOf(table) as readonly Ask<NamesOf<Rows>>[],
    read: (source) => readRows(table, source as never),
  };
}

/** The same of what is known of only some rows of a result: null where there is nothing to read it from. */
export function optionalGroup<Source, Part, Rows extends ReadTable<Part>>(
  means: string,
  table: Rows,
  partOf: (source: Source) => Part | null,
): ReadRow<Source, ResultOf<Rows> | null> {
  const { columns, pool, ...rest } = groupOf(means, table);
  return {
    ...rest,
    holds: { kind: "group", table, isOptional: true },
    columns: columns.map((column) => ({
      ...column,
      value: (row) => (row === null ? undefined : column.value(row)),
    })),
    pool: {
      name: pool.name,
      pool: (values, from) => {
        const known = values.filter((value) => value !== null);
        const factors = from.factors.filter((_, index) => values[index] !== null);
        return known.length === 0 ? null : pooledRows(table, known, { ...from, factors });
      },
    },
    read: (source) => {
      const part = partOf(source);
      return part === null ? null : readRows(table, part);
    },
  };
}

/** Of what is made elsewhere. */
export function groupOf<Rows extends Table>(means: string, table: Rows): Row<ResultOf<Rows>> {
  return {
    means,
    holds: { kind: "group", table, isOptional: false },
    columns: columnsOf(table),
    texts: columnTexts(table),
    pool: {
      name: "each by its own rule",
      pool: (values, from) => pooledRows(table, values, from),
    },
    asks: [],
  };
}

/** Of a row of the table, in the order of their places. */
export function columnsOf<Rows extends Table>(table: Rows): Column<ResultOf<Rows>>[] {
  return inPlace(
    Object.entries(table).flatMap(([key, { columns }]) =>
      columns.map((column) => ({
        ...column,
        value: (row: ResultOf<Rows>) => column.value(row[key as keyof Rows]),
      })),
    ),
  );
}

export function columnTexts(table: Table): ColumnText[] {
  return inPlace(Object.values(table).flatMap(({ texts }) => texts));
}

export function asksOf<Name extends string>(
  table: Readonly<Record<string, { readonly asks: readonly Ask<Name>[] }>>,
): Ask<Name>[] {
  return Object.values(table).flatMap(({ asks }) => asks);
}

/** Sorting is stable. */
function inPlace<Placed extends { readonly place: number }>(all: readonly Placed[]): Placed[] {
  return [...all].sort((one, other) => one.place - other.place);
}
