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
import { PLACEMENTS } from "../../../src/core/server/fleet/placement/registry.js";
import { LIMITS } from "../../../src/core/server/gateway/concurrency/registry.js";
import { POLICIES } from "../../../src/core/server/gateway/policies/registry.js";
import { QUEUE_RULES } from "../../../src/core/server/gateway/queue/registry.js";
import { PROFILE_KINDS } from "../../../src/core/server/profile/kinds.js";
import { ENGINES } from "../../../src/core/server/replica/engines.js";

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
