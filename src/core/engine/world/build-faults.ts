// What breaks in a scenario's server: outages of some instances, which the scenario times itself, and its faults, each
// with streams of its own name, so that none moves when another is added.
import { after, START } from "../../base/units.js";
import type { EventQueue } from "../../kernel/event-queue.js";
import { openStream, type Seed } from "../../random/stream.js";
import type { Scenario } from "../../scenario/schema.js";
import type { Controllers } from "../../server/fleet/control/controllers.js";
import { Faults } from "../../server/fleet/faults/faults.js";
import { instanceOutage } from "../../server/fleet/faults/instance-outage.js";
import { createFault } from "../../server/fleet/faults/registry.js";
import { NodeLife } from "../../server/fleet/node-life.js";
import type { Sizing } from "../../server/fleet/sizing.js";
import type { Gateway } from "../../server/gateway/gateway.js";
import { ServerEvent } from "../../server/service/event-kinds.js";

interface Breakable {
  readonly sizing: Sizing;
  readonly gateway: Gateway;
  readonly controllers: Controllers;
}

export function buildFaults(
  { outages, faults, pools }: Scenario,
  { sizing, gateway, controllers }: Breakable,
  { seed, events }: { readonly seed: Seed; readonly events: EventQueue },
): Faults {
  const { fleet } = sizing;
  const names = Object.keys(pools);
  const all = names.map((name, index) => ({ index, name }));
  const nodes = new NodeLife(sizing);
  const ofInstances = outages.flatMap(({ pool, from, for: lasts, instances }, index) => {
    if (instances === undefined) return [];
    const outage = { pool: names.indexOf(pool), instances, from: after(START, from), lasts };
    return [{ name: `outages.${index}`, fault: instanceOutage(fleet, outage) }];
  });
  const named = Object.entries(faults).map(([name, spec]) => ({
    name: `faults.${name}`,
    fault: createFault(spec, {
      ...{ fleet, nodes, gateway, controllers },
      poolsOf: (pool) => all.filter((one) => pool === undefined || one.name === pool),
      open: (stream) => openStream(seed, `faults/${name}/${stream}`),
    }),
  }));
  const { observers } = fleet;
  return new Faults({ faults: [...ofInstances, ...named], observers, events, kind: ServerEvent.fault });
}
