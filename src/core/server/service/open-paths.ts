// Which paths are there: models are launched and retired while a service runs. A call is judged by what is there when
// it comes, so that a retry after the launch finds the model; what a path has taken before it is retired is finished.
// Knows nothing of the capacity behind a path: who answers a name is the front end's, not the control plane's, so that
// paths come and go on time whatever is down behind them.
import { REASON_TIER_NOT_OFFERED, REASON_UNKNOWN_MODEL, reasonOf } from "../../api/catalogue.js";
import { assert } from "../../base/assert.js";
import type { Reason } from "../../base/outcome.js";
import { earlier, type Instant, NEVER, START } from "../../base/units.js";
import type { ServedPath } from "../attempts/stated/rows.js";
import type { Controller } from "../fleet/control/controller.js";

/** From the one instant up to, but not at, the other. */
export interface PathLife {
  readonly launch: Instant;
  readonly retire: Instant;
}

export class OpenPaths implements Controller {
  readonly isApart = true;
  /** Whether any comes or goes after the start: else there is nothing to control. */
  readonly change: boolean;
  readonly #paths: readonly ServedPath[];
  readonly #lives: readonly PathLife[];
  /** By route, so that a call costs one look; undefined where the path is not there. */
  readonly #open: (ServedPath | undefined)[];

  /** Lives by path. */
  constructor(paths: readonly ServedPath[], lives: readonly PathLife[]) {
    assert(paths.length === lives.length, "every path has a life");
    for (const { launch, retire } of lives)
      assert(launch < retire, "a path is launched before it is retired");
    this.#paths = paths;
    this.#lives = lives;
    this.#open = paths.map((path) => path);
    this.change = this.act(START) < NEVER;
  }

  /** Where a call on that route leads right now; undefined: nowhere. */
  at(route: number): ServedPath | undefined {
    return this.#open[route];
  }

  /** What a call is told that leads nowhere: of a model of which something is there, it is the tier that is missing. */
  whyNot(route: number): Reason {
    const path = this.#paths[route];
    if (path === undefined) return reasonOf(route);
    const isModelThere = this.#open.some((other) => other?.model === path.model);
    return isModelThere ? REASON_TIER_NOT_OFFERED : REASON_UNKNOWN_MODEL;
  }

  /** Brings the list up to an instant; returns when it changes next. */
  act(now: Instant): Instant {
    let next = NEVER;
    this.#lives.forEach(({ launch, retire }, path) => {
      this.#open[path] = launch <= now && now < retire ? this.#paths[path] : undefined;
      if (launch > now) next = earlier(next, launch);
      else if (retire > now) next = earlier(next, retire);
    });
    return next;
  }
}
