// The table of faults for docs/faults.md, written from their definitions.
import { FAULTS } from "../../src/core/server/fleet/faults/registry.js";

const HEAD = ["| fault | what | where its defaults come from |", "| --- | --- | --- |"];

export function faultTable(): string {
  const rows = FAULTS.map(({ name, summary, source }) => `| \`${name}\` | ${summary} | ${source} |`);
  return [...HEAD, ...rows].join("\n");
}
