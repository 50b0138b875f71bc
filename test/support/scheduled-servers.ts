// M/M/c/K whose number of servers follows a schedule, period after period: the Kolmogorov forward equations, solved by
// the classic Runge-Kutta rule, so that what holds at each instant of a period is known, and not only in the long run.
// Servers drain as the fleet's replicas do: the last ones leave, what is on them is finished, and where servers are
// added again before that, those that drain are taken back with what they hold. So it matters which servers are busy,
// and a state is the set of those and the length of the queue. An arrival takes the first server that is idle.

export interface ScheduledServers {
  /** Per second; a service takes `service` seconds on average (1). */
  readonly arrivals: number;
  readonly service?: number;
  /** Places in the queue. */
  readonly places: number;
  /** One period: so many servers for so many seconds, one after another; what is let go drains. */
  readonly phases: readonly { readonly seconds: number; readonly servers: number }[];
  /** A fault to be told from draining: what is on a server that is let go vanishes. */
  readonly dropsWhatDrains?: boolean;
}

export interface PeriodicCourse {
  /** Of all arrivals: those that find no place, and those that wait. */
  readonly shed: number;
  readonly waits: number;
  /** Mean length of the queue at the asked seconds of a period. */
  readonly queueAt: readonly number[];
}

interface Flow {
  readonly from: number;
  readonly to: number;
  readonly rate: number;
  /** What is counted is not moved. */
  readonly counts: boolean;
}

const STEP = 0.025;
const SETTLED = 1e-10;

/** Of the period that all periods come to be like. */
export function periodicCourse(system: ScheduledServers, at: readonly number[]): PeriodicCourse {
  const chain = new ServerChain(system);
  let state = chain.empty;
  for (;;) {
    const { end, queueAt, counted } = chain.period(state, at);
    const moved = Math.max(...end.map((p, index) => Math.abs(p - state[index]!)));
    state = end;
    if (moved < SETTLED) return { shed: counted.shed, waits: counted.waits, queueAt };
  }
}

class ServerChain {
  readonly #system: ScheduledServers;
  readonly #most: number;
  /** States, and behind them what has been counted: sheds and waits. */
  readonly #states: number;

  constructor(system: ScheduledServers) {
    this.#system = system;
    this.#most = Math.max(...system.phases.map(({ servers }) => servers));
    this.#states = 2 ** this.#most * (system.places + 1);
  }

  get empty(): number[] {
    return Array.from({ length: this.#states }, (_, index) => Number(index === 0));
  }

  /** From the state at its begin; `at` lies in steps. */
  period(begin: readonly number[], at: readonly number[]) {
    let vector = [...begin, 0, 0];
    let second = 0;
    const queueAt = at.map(() => Number.NaN);
    const look = () => {
      for (const [index, one] of at.entries())
        if (Math.abs(one - second) < STEP / 2) queueAt[index] = this.#meanQueue(vector);
    };
    for (const { seconds, servers } of this.#system.phases) {
      vector = this.#resized(vector, servers);
      const flows = this.#flows(servers);
      for (let steps = Math.round(seconds / STEP); steps > 0; steps--) {
        look();
        vector = advanced(vector, flows);
        second += STEP;
      }
    }
    const arrivals = this.#system.arrivals * second;
    const [shed, waits] = [vector[this.#states]! / arrivals, vector[this.#states + 1]! / arrivals];
    return { end: vector.slice(0, this.#states), queueAt, counted: { shed, waits } };
  }

  #index(busy: number, queued: number): number {
    return busy * (this.#system.places + 1) + queued;
  }

  #each(visit: (busy: number, queued: number, index: number) => void): void {
    for (let busy = 0; busy < 2 ** this.#most; busy++)
      for (let queued = 0; queued <= this.#system.places; queued++)
        visit(busy, queued, this.#index(busy, queued));
  }

  #meanQueue(vector: readonly number[]): number {
    let mean = 0;
    this.#each((_, queued, index) => {
      mean += queued * vector[index]!;
    });
    return mean;
  }

  /** So many servers from now on: those that wait start on what has become free. */
  #resized(vector: readonly number[], servers: number): number[] {
    const next = vector.map((value, index) => (index < this.#states ? 0 : value));
    this.#each((before, waiting, index) => {
      let busy = this.#system.dropsWhatDrains === true ? before & (2 ** servers - 1) : before;
      let queued = waiting;
      for (
        let idle = firstIdle(busy, servers);
        queued > 0 && idle < servers;
        idle = firstIdle(busy, servers)
      ) {
        busy |= 1 << idle;
        queued--;
      }
      next[this.#index(busy, queued)]! += vector[index]!;
    });
    return next;
  }

  #flows(servers: number): Flow[] {
    const { arrivals, service = 1, places } = this.#system;
    const flows: Flow[] = [];
    this.#each((busy, queued, from) => {
      const move = (to: number, rate: number) => flows.push({ from, to, rate, counts: false });
      const count = (what: number) =>
        flows.push({ from, to: this.#states + what, rate: arrivals, counts: true });
      const idle = firstIdle(busy, servers);
      if (idle < servers) move(this.#index(busy | (1 << idle), queued), arrivals);
      else if (queued < places) {
        move(this.#index(busy, queued + 1), arrivals);
        count(1);
      } else count(0);
      for (let server = 0; server < this.#most; server++) {
        if ((busy & (1 << server)) === 0) continue;
        const goesOn = server < servers && queued > 0;
        move(
          goesOn ? this.#index(busy, queued - 1) : this.#index(busy & ~(1 << server), queued),
          1 / service,
        );
      }
    });
    return flows;
  }
}

function firstIdle(busy: number, servers: number): number {
  let server = 0;
  while (server < servers && (busy & (1 << server)) !== 0) server++;
  return server;
}

function slope(vector: readonly number[], flows: readonly Flow[]): number[] {
  const change = vector.map(() => 0);
  for (const { from, to, rate, counts } of flows) {
    const flow = rate * vector[from]!;
    change[to]! += flow;
    if (!counts) change[from]! -= flow;
  }
  return change;
}

/** One step of the classic Runge-Kutta rule: its error is below 1e-6 where a state is left ten times a second. */
function advanced(vector: readonly number[], flows: readonly Flow[]): number[] {
  const beyond = (by: number, rise: readonly number[]) =>
    vector.map((value, index) => value + by * rise[index]!);
  const first = slope(vector, flows);
  const second = slope(beyond(STEP / 2, first), flows);
  const third = slope(beyond(STEP / 2, second), flows);
  const fourth = slope(beyond(STEP, third), flows);
  return vector.map(
    (value, index) =>
      value + (STEP / 6) * (first[index]! + 2 * second[index]! + 2 * third[index]! + fourth[index]!),
  );
}
