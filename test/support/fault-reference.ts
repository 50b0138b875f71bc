// The table of faults for docs/faults.md, written from their definitions.
import { FAULTS } from "../../src/core/server/fleet/faults/registry.js";
import { markdownTable } from "./markdown.js";

export function faultTable(): string {
  const rows = FAULTS.map(({ name, summary, source }) => [`\`${name}\``, summary, source]);
  return markdownTable(["fault", "what", "where its defaults come from"], rows);
}
