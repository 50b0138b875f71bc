// docs/scenario.md, written from the JSON Schema: every key, what it takes, its default and what it is for. So the
// reference cannot say anything that the schema does not.

import { PRICES } from "../../src/core/api/prices.js";
import { LIMIT_PRESETS } from "../../src/core/scenario/limit-presets.js";
import { SCENARIO_PRESETS } from "../../src/core/scenario/presets.js";

interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $ref?: string;
  readonly allOf?: readonly { readonly $ref?: string }[];
  readonly definitions?: Readonly<Record<string, Schema>>;
}

const HEADER = `# The scenario file

One YAML or JSON file, written from the schema by \`npm run baseline\`. \`surgefleet schema\` prints the JSON Schema for
editors, \`surgefleet validate FILE\` tells every problem of a file with its line and column.

A quantity is a number with or without a unit: durations \`14d 2h 10m 30s 250ms 20us\` (a bare number is seconds), rates \`20/s 6000/min 1/h\` (per second), shares
\`0.1%\` or 0 to 1, counts \`32k\` \`3.6M\`. Maps marked \`NAME\` take keys of your own. Where a key says of what
kind a map is, keys that only some kinds have, or have otherwise, are marked "of" those. Token counts are a number or a
distribution: \`{dist: lognormal, median: 800, sigma: 0.8}\`, and so are some times: \`{dist: exponential, mean: 5s}\`; see
the end.

\`extends\` merges bases below a file: maps merge, everything else replaces, \`null\` removes a key of a base. A flag
(\`--set path=value\`, \`--seed\`) beats an environment variable, which beats the file, which beats a default.

| key | takes | default | |
| --- | --- | --- | --- |
`;

/** Price lists, limits and fleets that scenarios can name. */
function presets(): string {
  const prices = Object.entries(PRICES).map(
    ([name, { input, cached, output }]) => `| \`${name}\` | ${input} | ${cached} | ${output} |`,
  );
  const limits = LIMIT_PRESETS.map(({ name, summary, source }) => `| \`${name}\` | ${summary} | ${source} |`);
  return `## Presets

\`extends: preset:NAME\`: ${[...SCENARIO_PRESETS.keys()].map((name) => `\`${name}\``).join(", ")}, a fleet with paths and prices and no traffic.

\`limits: { preset: NAME }\`, of an account:

| name | limits | of whom, and from where |
| --- | --- | --- |
${limits.join("\n")}

\`price: { preset: NAME }\`, dollars per million tokens. Those of hosted models are from Fireworks' public price page; that of
\`llama-3.1-8b\` is illustrative.

| name | input | cached | output |
| --- | --- | --- | --- |
${prices.join("\n")}
`;
}

/** The whole page. */
export function scenarioReference(schema: object): string {
  const rows: string[] = [];
  const root = schema as Schema;
  walk("", root, "", rows);
  const families = flattened(root.definitions?.["distribution"] ?? {}).filter(
    (form) => form.properties !== undefined,
  );
  const lines = [...new Set(families.map(familyLine))];
  return `${HEADER}${[...new Set(rows)].join("\n")}\n\n## Distributions\n\n${lines.join("\n")}\n\n${presets()}`;
}

/** What a key takes that may be a distribution, by the definition that its schema is. */
const DISTRIBUTED: Readonly<Record<string, string>> = {
  "#/definitions/distribution": "number, or a distribution",
  "#/definitions/timeDistribution": "quantity, or a distribution",
};

function walk(path: string, schema: Schema, required: string, rows: string[]): void {
  const distributed = DISTRIBUTED[schema.allOf?.[0]?.$ref ?? ""];
  if (path !== "") rows.push(row(path, distributed ?? takes(schema), schema, required));
  if (distributed !== undefined) return;
  const forms = flattened(schema);
  const key = kindKey(forms);
  const kinds = forms.filter((form) => key !== undefined && form.properties?.[key]?.const !== undefined);
  if (key !== undefined) descendKinds(path, key, kinds, forms, rows);
  for (const form of forms) if (!kinds.includes(form)) descend(path, form, forms, rows);
}

/** The alternatives of a schema, those of its alternatives included. */
function flattened(schema: Schema): readonly Schema[] {
  const forms = schema.anyOf ?? schema.oneOf;
  return forms === undefined ? [schema] : forms.flatMap(flattened);
}

/** The key that tells maps apart by its value, where there are several such maps. */
function kindKey(forms: readonly Schema[]): string | undefined {
  const keys = forms.flatMap(({ properties = {} }) =>
    Object.keys(properties).filter((key) => properties[key]!.const !== undefined),
  );
  return keys.find((key, index) => keys.indexOf(key) < index);
}

/** Each kind with what it is; then key by key, marked with the kinds that have it so, unless all have. */
function descendKinds(
  path: string,
  key: string,
  kinds: readonly Schema[],
  forms: readonly Schema[],
  rows: string[],
): void {
  const takenBy = new Map<string, Map<string, string[]>>();
  for (const kind of kinds) {
    const { [key]: named, ...properties } = kind.properties!;
    rows.push(row(`${path}.${key}`, kindOf(named!), named!, requiredBeside(key, kind, forms)));
    const own: string[] = [];
    descend(path, { ...kind, properties }, [], own);
    for (const one of new Set(own)) {
      const [cell = ""] = /^\| `[^`]+`/.exec(one)!;
      const ways = takenBy.get(cell) ?? new Map<string, string[]>();
      takenBy.set(
        cell,
        ways.set(one.slice(cell.length), [...(ways.get(one.slice(cell.length)) ?? []), kindOf(named!)]),
      );
    }
  }
  for (const [cell, ways] of takenBy)
    for (const [rest, names] of ways)
      rows.push(names.length === kinds.length ? `${cell}${rest}` : `${cell} of ${names.join(" ")}${rest}`);
}

function descend(path: string, form: Schema, forms: readonly Schema[], rows: string[]): void {
  const prefix = path === "" ? "" : `${path}.`;
  for (const [key, child] of Object.entries(form.properties ?? {})) {
    walk(`${prefix}${key}`, child, requiredBeside(key, form, forms), rows);
  }
  // Whatever a module of the user's own takes: no key of ours.
  const isAny = Object.keys(Object(form.additionalProperties)).length === 0;
  if (typeof form.additionalProperties === "object" && !isAny) {
    walk(`${prefix}NAME`, form.additionalProperties, "", rows);
  }
  if (form.items === undefined || path === "") return;
  const items = flattened(form.items);
  // Entries of a kind are told where that kind stands by itself.
  if (kindKey(items) === undefined) for (const item of items) descend(`${path}[]`, item, items, rows);
}

/** Whether a key has to be there, and what maps of other forms begin with instead. */
function requiredBeside(key: string, form: Schema, forms: readonly Schema[]): string {
  if (form.required?.includes(key) !== true) return "";
  const others = forms.filter(
    ({ properties }) => properties !== undefined && !Object.hasOwn(properties, key),
  );
  const first = others.map(({ required = [] }) =>
    required.find((one) => !Object.hasOwn(form.properties!, one)),
  );
  const keys = [...new Set(first.filter((one) => one !== undefined))].map((one) => `\`${one}\``);
  return keys.length === 0 ? "required" : `required, or ${keys.join(" ")}`;
}

function takes(schema: Schema): string {
  const forms = new Set(flattened(schema).map(kindOf));
  // A number that may carry a unit is one thing to the reader, two to the schema.
  if (forms.has("quantity")) forms.delete("number");
  return [...forms].join(" or ");
}

function kindOf(form: Schema): string {
  if (form.$ref === "#/definitions/profile") return "[a profile](profiles.md)";
  if (form.const !== undefined) return `\`${String(form.const)}\``;
  if (form.enum !== undefined) return form.enum.map((value) => `\`${String(value)}\``).join(" ");
  if (form.type === "object") return "map";
  if (form.type === "array") return form.items?.enum === undefined ? "list" : `list of ${kindOf(form.items)}`;
  if (form.type === "string" && form.pattern?.includes("\\d") === true) return "quantity";
  if (form.type === "string") return "text";
  if (form.type === "boolean") return "true or false";
  if (form.type === "number" || form.type === "integer") return "number";
  throw new Error(`a key that takes ${JSON.stringify(form)} has no word here`);
}

function row(path: string, kind: string, schema: Schema, required: string): string {
  const given =
    schema.default === undefined ? "" : `\`${JSON.stringify(schema.default).replaceAll('"', "")}\``;
  const fallback = given === "" ? required : given;
  return `| \`${path}\` | ${kind.replaceAll("|", "\\|")} | ${fallback} | ${(schema.description ?? "").replaceAll("|", "\\|")} |`;
}

function familyLine(family: Schema): string {
  const { dist, ...parameters } = family.properties ?? {};
  const names = Object.entries(parameters).filter(([key]) => key !== "weight");
  const text = names.map(([key, schema]) => `\`${key}\`: ${schema.description ?? ""}`).join(" ");
  return `- \`${String(dist?.const)}\` - ${text}`;
}
