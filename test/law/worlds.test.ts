// Every law on the random worlds in which some law matters most: another fleet, other signals, other answers. Worlds as
// they are drawn have the swarm to themselves; the night looks at more of those, too, and at callers who go on from
// answers.
import { everyLawOf } from "../support/every-law.js";
import { gear } from "../support/mode.js";
import { CHANGED, FAMILIES } from "../support/worlds.js";

for (const family of gear(CHANGED, FAMILIES)) if (family.name !== "swarm") everyLawOf(family);
