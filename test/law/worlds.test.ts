// Every law on the random worlds in which some law matters most: another fleet, other signals, other answers. Worlds as
// they are drawn have the swarm to themselves; the night looks at more of those, too, and at callers who go on from
// answers.
import { everyLawOf } from "../support/every-law.js";
import { gear } from "../support/mode.js";
import { CHANGED, FAMILIES } from "../support/worlds.js";

/** Of each family so many by day; a world that a failure names is tried whatever its place. */
const BY_DAY = 4;
const families = gear(
  CHANGED.map((family) => ({ ...family, seeds: family.seeds.slice(0, BY_DAY) })),
  FAMILIES,
);

for (const family of families) if (family.name !== "swarm") everyLawOf(family);
