// The laws of a module of a user's own, by its kind, each on things that the module makes anew with the options given.

import type { Duration } from "../../base/units.js";
import type { CustomCode, OpenRealm } from "../../custom/code.js";
import { createCustomClient } from "../../demand/clients/registry.js";
import type { CustomPool } from "../../document/custom-instance.js";
import type { ScalerContext } from "../../server/fleet/control/autoscalers/autoscaler.js";
import { type AutoscalerSpec, createAutoscaler } from "../../server/fleet/control/autoscalers/registry.js";
import { AUTOSCALER_LAWS } from "./autoscaler.js";
import { CLIENT_LAWS } from "./client.js";
import { type Law, lawsOf } from "./law.js";

/** As a scenario would write them beside the module's name. */
type Written = Readonly<Record<string, unknown>>;

const MODULE = "module";

/** The pool of a contract: path p has rank p. */
const PATHS = [0, 1, 2].map((rank) => ({ name: `p${rank}`, isServed: true, rank }));

const REPLICA: ScalerContext = {
  slots: 16,
  kvTokens: 10_000,
  profile: undefined,
  coldStart: 60_000_000 as Duration,
  foresight: undefined,
};

/** Throws CODE_FAILED where a law cannot even be tried since the module fails. */
export function contractOf(code: CustomCode, open: OpenRealm, written: Written): Law[] {
  const use: CustomPool = { modules: { [MODULE]: code }, open, where: "its contract", paths: PATHS };
  const spec = { module: MODULE, written };
  switch (code.kind) {
    case "autoscaler":
      return lawsOf(AUTOSCALER_LAWS, () =>
        createAutoscaler({ algorithm: "custom", ...spec } as AutoscalerSpec, REPLICA, use),
      );
    case "client":
      return lawsOf(CLIENT_LAWS, () => createCustomClient(spec, use));
    default:
      return [];
  }
}
