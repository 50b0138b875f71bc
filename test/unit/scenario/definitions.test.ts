// What every list of definitions must be, whatever they define: one name each, a text for all that a scenario may write,
// and options of one name that are one thing where a part of a scenario takes them from several definitions.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { FEATURES } from "../../../src/core/demand/clients/features.js";
import { CLIENTS } from "../../../src/core/demand/clients/registry.js";
import { TRACE_FORMATS } from "../../../src/core/demand/trace/formats/formats.js";
import { WORKLOADS } from "../../../src/core/demand/traffic/population/workloads.js";
import { withDefaults, withoutDefaults } from "../../../src/core/document/any-options.js";
import { distribution } from "../../../src/core/document/distributions.js";
import { explain } from "../../../src/core/document/issues.js";
import { plainWords } from "../../../src/core/document/plain-words.js";
import { toPlain } from "../../../src/core/document/tree.js";
import { parseYaml } from "../../../src/core/document/yaml.js";
import { arrivals } from "../../../src/core/scenario/arrivals.js";
import { AUTOSCALERS, autoscaler } from "../../../src/core/server/fleet/control/autoscalers/registry.js";
import { FAULTS, fault } from "../../../src/core/server/fleet/faults/registry.js";
import { PLACEMENTS, placement } from "../../../src/core/server/fleet/placement/registry.js";
import { concurrencyLimit, LIMITS } from "../../../src/core/server/gateway/concurrency/registry.js";
import { POLICIES, policy } from "../../../src/core/server/gateway/policies/registry.js";
import { QUEUE_RULES, queueRule } from "../../../src/core/server/gateway/queue/registry.js";
import { PROFILE_KINDS, profileFile } from "../../../src/core/server/profile/kinds.js";
import { ENGINES, replica } from "../../../src/core/server/replica/engines.js";

interface Defined {
  readonly name: string;
  readonly summary: string;
  readonly options: z.ZodRawShape;
}

const LISTS: Readonly<Record<string, readonly Defined[]>> = {
  policies: POLICIES,
  placements: PLACEMENTS,
  limits: LIMITS,
  rules: QUEUE_RULES,
  engines: ENGINES,
  profiles: PROFILE_KINDS,
  clients: CLIENTS,
  features: FEATURES,
  formats: TRACE_FORMATS,
  workloads: WORKLOADS,
  autoscalers: AUTOSCALERS,
  faults: FAULTS,
};

/** What a scenario may write for an option, without a text and whatever is left out. */
function formOf(schema: z.core.$ZodType): string {
  const { description: _, default: __, ...form } = z.toJSONSchema(schema, { io: "input" });
  return JSON.stringify(form);
}

describe.each(Object.entries(LISTS))("%s", (_, definitions) => {
  it("have each name once", () => {
    expect(new Set(definitions.map(({ name }) => name)).size).toBe(definitions.length);
  });

  it("tell what they are and what their options are", () => {
    const untold = definitions.flatMap(({ name, summary, options }) => [
      ...(summary === "" ? [name] : []),
      ...Object.entries(options).flatMap(([key, schema]) =>
        (schema as z.ZodType).description === undefined ? [`${name}.${key}`] : [],
      ),
    ]);
    expect(untold).toEqual([]);
  });
});

describe.each(["policies", "limits", "rules"])("%s", (list) => {
  it.each(LISTS[list]!.map(({ name }) => name))("docs/model.md and the README tell of %s", (name) => {
    const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
    expect(["docs/model.md", "README.md"].filter((path) => !read(path).includes(`\`${name}\``))).toEqual([]);
  });
});

// The map of a client, or of a trace, has the options of all of them: it cannot have two forms of one.
describe.each([
  ["clients", CLIENTS],
  ["formats", TRACE_FORMATS],
] as const)("%s, whose options stand in one map", (_, definitions: readonly Defined[]) => {
  const forms = definitions.flatMap(({ name, options }) =>
    Object.entries(withoutDefaults(options)).map(([key, schema]) => ({ name, key, form: formOf(schema) })),
  );

  it("mean one thing by one option", () => {
    const known = new Map(forms.map(({ key, form }) => [key, form]));
    expect(forms.filter(({ key, form }) => known.get(key) !== form)).toEqual([]);
    expect(forms.length).toBeGreaterThan(known.size);
  });

  it("have defaults that are in order", () => {
    for (const { options } of definitions) {
      const filled = withDefaults(options, {});
      for (const [key, schema] of Object.entries(options)) {
        if (schema instanceof z.ZodPrefault) expect(filled[key]).toBeDefined();
      }
    }
  });
});

interface Union {
  readonly schema: z.ZodType;
  /** The key that tells the forms apart. */
  readonly key: string;
  readonly forms: readonly { readonly name: string; readonly options: z.core.$ZodShape }[];
}

const formsOf = (key: string, union: z.ZodDiscriminatedUnion) =>
  union.options.map((form) => {
    const { [key]: name, ...options } = (form as z.ZodObject).shape;
    return { name: String((name as z.ZodLiteral).value), options };
  });

const distributions = distribution.def.options[1];
const processes = arrivals.def.options[0];

const UNIONS: Readonly<Record<string, Union>> = {
  policies: { schema: policy, key: "policy", forms: POLICIES },
  placements: { schema: placement, key: "strategy", forms: PLACEMENTS },
  limits: { schema: concurrencyLimit, key: "limit", forms: LIMITS },
  rules: { schema: queueRule, key: "rule", forms: QUEUE_RULES },
  engines: { schema: replica, key: "engine", forms: ENGINES },
  profiles: { schema: profileFile, key: "kind", forms: PROFILE_KINDS },
  autoscalers: { schema: autoscaler, key: "algorithm", forms: AUTOSCALERS },
  faults: { schema: fault, key: "fault", forms: FAULTS },
  distributions: { schema: distribution, key: "dist", forms: formsOf("dist", distributions) },
  arrivals: { schema: processes, key: "process", forms: formsOf("process", processes) },
};

/** Nothing takes all of them. */
const BAD = [-1, "?", { "?": 1 }, [[]]];

function told(schema: z.ZodType, given: object): readonly { readonly path: string; readonly text: string }[] {
  const { tree } = parseYaml("file", JSON.stringify(given));
  const parsed = schema.safeParse(toPlain(tree!), { error: plainWords });
  const found = parsed.success ? [] : explain(parsed.error, tree!);
  return found.map(({ path, message, hint }) => ({ path, text: `${message}; ${hint}` }));
}

describe.each(Object.entries(UNIONS))("what is wrong with %s", (_, { schema, key, forms }) => {
  const options = forms.flatMap(({ name, options }) =>
    Object.entries(options).map(([option, form]) => ({ name, option, form: form as z.ZodType })),
  );

  it.each(options)("is told of $option of $name, and never of the name", ({ name, option, form }) => {
    const refused = BAD.filter((value) => !form.safeParse(value).success);
    expect(refused).not.toEqual([]);
    for (const value of refused) {
      const paths = told(schema, { [key]: name, [option]: value }).map(({ path }) => path.split(".")[0]);
      expect(paths).toContain(option);
      expect(paths).not.toContain(key);
    }
  });

  it("is told with every name where the name is missing or unknown, and with the one that was meant", () => {
    const names = forms.map((form) => form.name);
    const every = [names.slice(0, -1).join(", "), names.at(-1)].join(" or ");
    const first = names[0]!;
    for (const [given, text] of [
      [{}, `missing key "${key}"; write ${every}`],
      [{ [key]: 1 }, `1 is not ${every}; undefined`],
      [{ [key]: `${first}x` }, `"${first}x" is not ${every}; did you mean "${first}"?`],
    ] as const) {
      expect(told(schema, given)).toEqual([{ path: key, text }]);
    }
  });
});
