// Where definitions and their defaults come from: all that `policy show` knows say it, of every option.
import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { Sourced } from "../../../src/core/document/definition.js";
import type { OptionFacts } from "../../../src/core/document/option-facts.js";
import { DEFINITION_KINDS } from "../../../src/core/scenario/definitions.js";

interface Definition extends Sourced {
  readonly name: string;
  readonly options: object;
  readonly sets?: readonly OptionFacts[];
}

/** Whether it has no default and may not be left out. */
const isRequired = (schema: unknown) => schema instanceof z.ZodType && schema._zod.optin === undefined;

/** What is wrong with what a definition says of its origin. */
function problems({ name, options, sets = [], sources = [], defaults = {} }: Definition): string[] {
  const untold = Object.entries(options).flatMap(([option, schema]) =>
    isRequired(schema) || Object.hasOwn(defaults, option) ? [] : [option],
  );
  const foreign = Object.keys(defaults).filter((option) => !Object.hasOwn(options, option));
  const unknown = sets.filter(
    ({ from }) => from === null || !/^(?:(?:read|excerpted|memory|ours)(?:, |$))+$/.test(from),
  );
  const origins = [...Object.values(defaults), ...sets.map(({ from }) => from)];
  const isUnsourced =
    sources.length === 0 && origins.some((origin) => origin !== "ours" && origin !== "provider");
  const undated = sources.filter(({ text, date }) => text === "" || !/^20\d\d-\d\d(-\d\d)?$/.test(date));
  return [
    ...untold.map((option) => `${name}: say in "defaults" where that of ${option} comes from`),
    ...unknown.map((set) => `${name}: say where its ${set.name} comes from`),
    ...foreign.map((option) => `${name}: it has no option ${option}`),
    ...(isUnsourced ? [`${name}: its defaults are of a source: say in "sources" of which`] : []),
    ...undated.map(({ text }) => `${name}: say when "${text}" was looked at, as in 2026-11`),
  ];
}

describe("every option says where its default comes from, and its definition which sources it goes by", () => {
  test.each(DEFINITION_KINDS)("$kind", ({ definitions }) => {
    expect(definitions.flatMap(problems)).toEqual([]);
  });

  test("of presets and providers everything that their names set", () => {
    const setters = DEFINITION_KINDS.flatMap(({ kind, definitions }) =>
      definitions.filter(({ sets = [] }) => sets.length > 0).map(() => kind),
    );
    expect(setters.filter((kind) => kind === "provider")).toHaveLength(9);
    expect(setters.filter((kind) => kind === "preset of account limits")).toHaveLength(7);
  });

  test("of clients all but the textbook's plainest are after something", () => {
    const { definitions } = DEFINITION_KINDS.find(({ kind }) => kind === "client")!;
    const without = definitions.filter(({ sources }) => sources === undefined);
    expect(without.map(({ name }) => name)).toEqual(["none", "fixed", "naive", "exponential"]);
  });

  test("what is left out would be noticed", () => {
    const options = { least: 1, most: 2 };
    const defaults = { least: "read", wrong: "ours" } as const;
    expect(problems({ name: "x", options, defaults })).toHaveLength(3);
    const set = { name: "x", default: "1", text: "" };
    const sets = [
      { ...set, from: "" },
      { ...set, from: null },
      { ...set, from: "ours, hearsay" },
    ];
    expect(problems({ name: "x", options: {}, sets, sources: [] })).toHaveLength(4);
    const sources = [{ text: "somewhere", date: "lately" }];
    expect(
      problems({ name: "x", options, sources, defaults: { least: "ours", most: "memory" } }),
    ).toHaveLength(1);
  });
});
