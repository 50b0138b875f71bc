// What the documents say cannot be written in a scenario, and what the schema takes.
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loaded, SMALL } from "./scenarios.js";

const PAGES = ["README.md", ...readdirSync("docs").filter((file) => file.endsWith(".md"))];
const textOf = (page: string) => readFileSync(page === "README.md" ? page : `docs/${page}`, "utf8");

/** As a page would say that scenario files lack something. */
const LACKS = [
  /only the library/i,
  /(?:for|in|by|of) the library (?:only|alone)/i,
  /library[- ]only/i,
  /(?:not|no key) (?:offered )?in (?:a )?scenario(?: file)?s?\b/i,
  /scenario files? (?:cannot|has no key|have no key)/i,
];

test("no page says that a scenario lacks what the library has", () => {
  const said = PAGES.flatMap((page) => {
    const text = textOf(page).replaceAll(/\s+/g, " ");
    return LACKS.flatMap((lack) => lack.exec(text)?.[0] ?? []).map((words) => `${page}: ${words}`);
  });
  expect(said).toEqual([]);
  expect(LACKS.some((lack) => lack.test("deployments, which only the library offers"))).toBe(true);
});

test("a router with several deployments is written as the documents have it", () => {
  const client = "    client: { preset: litellm-router, deployments: 3 }\n";
  const scenario = loaded(SMALL.replace("    input: 800\n", `    input: 800\n${client}`));
  expect(scenario.traffic["agents"]!.client).toMatchObject([{ preset: "litellm-router", deployments: 3 }]);
  expect(textOf("scenario.md")).toContain("`traffic.NAME.client.deployments`");
});
