// Queueing theory in closed form: what the simulator is held to. Each function names its source; the golden values in
// test/theory were computed apart from this code, so the two check each other.

/** Blocking of M/G/c/c at offered load a (Erlang 1917, by the usual recursion). */
export function erlangB(servers: number, load: number): number {
  let blocking = 1;
  for (let k = 1; k <= servers; k++) blocking = (load * blocking) / (k + load * blocking);
  return blocking;
}

/** M/M/c: share of those who have to wait, and mean wait of all (Erlang 1917). Service rate 1. */
export function erlangC(servers: number, load: number): { waits: number; wait: number } {
  const blocking = erlangB(servers, load);
  const waits = blocking / (1 - (load / servers) * (1 - blocking));
  return { waits, wait: waits / (servers - load) };
}

/** M/M/c: share of those whose wait is longer than t (Erlang 1917). Service rate 1. */
export function erlangTail(servers: number, load: number, t: number): number {
  return erlangC(servers, load).waits * Math.exp(-(servers - load) * t);
}

/** M/M/c with two ranks, without preemption: mean wait of each (Cobham 1954). Service rate 1. */
export function cobham(servers: number, priority: number, standard: number) {
  const first = erlangC(servers, priority + standard).waits / (servers - priority);
  return { priority: first, standard: first / (1 - (priority + standard) / servers) };
}

/** M/G/1 with two ranks, without preemption, one service law for both: mean wait of each (Cobham 1954). */
export function cobhamOneServer(priority: number, standard: number, mean: number, secondMoment: number) {
  const residual = ((priority + standard) * secondMoment) / 2;
  const first = residual / (1 - priority * mean);
  return { priority: first, standard: first / (1 - (priority + standard) * mean) };
}

/** State probabilities of a birth-death chain on 0..n, from birth rates [0..n-1] and death rates [1..n]. */
function stationary(
  birth: (state: number) => number,
  death: (state: number) => number,
  states: number,
): number[] {
  const weights = [1];
  for (let state = 1; state < states; state++) {
    weights.push((weights[state - 1]! * birth(state - 1)) / death(state));
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** M/M/c/K: blocking, and mean wait in the queue of those that are let in. Service rate 1. */
export function boundedLine(
  servers: number,
  places: number,
  load: number,
): { blocking: number; wait: number } {
  const probabilities = stationary(
    () => load,
    (state) => Math.min(state, servers),
    places + 1,
  );
  const blocking = probabilities[places]!;
  const waiting = probabilities.reduce((sum, p, state) => sum + p * Math.max(0, state - servers), 0);
  return { blocking, wait: waiting / (load * (1 - blocking)) };
}

/**
 * M/M/c that lets Standard in below `threshold` inside and Priority below `places`: what each loses, and the mean wait of
 * those let in, by arrival (birth-death chain; one that finds n inside waits for n - c + 1 ends of service). Service rate 1.
 */
export function queueThreshold(
  servers: number,
  threshold: number,
  places: number,
  priority: number,
  standard: number,
) {
  const probabilities = stationary(
    (state) => (state < threshold ? priority + standard : priority),
    (state) => Math.min(state, servers),
    places + 1,
  );
  const below = (limit: number, of: (state: number) => number) =>
    probabilities.slice(0, limit).reduce((sum, p, state) => sum + p * of(state), 0);
  const waitBelow = (limit: number) =>
    below(limit, (state) => Math.max(0, state - servers + 1) / servers) / below(limit, () => 1);
  return {
    standard: { blocking: 1 - below(threshold, () => 1), wait: waitBelow(threshold) },
    priority: { blocking: probabilities[places]!, wait: waitBelow(places) },
  };
}

/** Loss system with r of c servers reserved for priority: blocking of each class. Service rate 1. */
export function trunkReservation(servers: number, reserved: number, priority: number, standard: number) {
  const probabilities = stationary(
    (state) => (state < servers - reserved ? priority + standard : priority),
    (state) => state,
    servers + 1,
  );
  const standardBlocked = probabilities.slice(servers - reserved).reduce((sum, p) => sum + p, 0);
  return { standard: standardBlocked, priority: probabilities[servers]! };
}

/** Pollaczek-Khinchine: mean wait of M/G/1. */
export function pollaczekKhinchine(rate: number, mean: number, secondMoment: number): number {
  return (rate * secondMoment) / (2 * (1 - rate * mean));
}

/** Share of Poisson unit requests that a full token bucket refuses: M/D/1 that accepts waits up to (depth - 1) / rate. */
export function tokenBucketRefusal(arrivals: number, refill: number, depth: number): number {
  let sum = 0;
  let factorial = 1;
  for (let k = 0; k < depth; k++) {
    if (k > 0) factorial *= k;
    const u = (arrivals * (depth - 1 - k)) / refill;
    sum += ((-u) ** k * Math.exp(u)) / factorial;
  }
  return 1 - sum / (1 + (arrivals / refill) * sum);
}

/** Share of Poisson requests that a fixed window refuses: the mean of what comes beyond the limit, of what comes. */
export function fixedWindowRefusal(arrivals: number, limit: number): number {
  const whole = Math.floor(limit);
  let probability = Math.exp(-arrivals);
  let admitted = 0;
  let tail = 1;
  for (let n = 0; n < whole; n++) {
    admitted += n * probability;
    tail -= probability;
    probability *= arrivals / (n + 1);
  }
  return 1 - (admitted + whole * tail) / arrivals;
}

/** A loss system whose refused customers try again up to m times, much later: blocking, attempts, lost for good. */
export function slowRetries(servers: number, load: number, retries: number) {
  let blocking = erlangB(servers, load);
  const attempts = (p: number) => (1 - p ** (retries + 1)) / (1 - p);
  for (let round = 0; round < 1000; round++) blocking = erlangB(servers, load * attempts(blocking));
  return { blocking, amplification: attempts(blocking), failure: blocking ** (retries + 1) };
}

/**
 * Machine repair: N agents think for a mean Z, then wait for one of c servers with a mean service of S (all exponential).
 * Throughput, and the mean time from a request to its answer.
 */
export function machineRepair(agents: number, think: number, servers: number, service: number) {
  const busy = (state: number) => Math.min(state, servers) / service;
  const probabilities = stationary((state) => (agents - state) / think, busy, agents + 1);
  const throughput = probabilities.reduce((sum, p, state) => sum + p * busy(state), 0);
  const present = probabilities.reduce((sum, p, state) => sum + p * state, 0);
  return { throughput, response: present / throughput };
}

/** Engset: share of calls that N sources find all c servers taken. `load` is mean service over mean idle time. */
export function engsetCongestion(sources: number, servers: number, load: number): number {
  let congestion = 1;
  for (let k = 1; k <= servers; k++) {
    const offered = (sources - k) * load * congestion;
    congestion = offered / (k + offered);
  }
  return congestion;
}

/** Erlang-A: share of those that leave the queue unserved, who stay for 1 / theta on average. Service rate 1. */
export function erlangAbandonment(servers: number, load: number, theta: number): number {
  const places = 50 * servers;
  const leaving = (state: number) => Math.max(0, state - servers) * theta;
  const probabilities = stationary(
    () => load,
    (state) => Math.min(state, servers) + leaving(state),
    places,
  );
  return probabilities.reduce((sum, p, state) => sum + p * leaving(state), 0) / load;
}

/** M/M/1 whose refused customers come back, each after an exponential time of rate nu: how many are away on average. */
export function retrialOrbit(load: number, nu: number): number {
  return (load / (1 - load)) * (load / nu + load);
}
