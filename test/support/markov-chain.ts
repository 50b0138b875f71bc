// Markov chains in continuous time over more than one number: the long run of systems that have no closed form, by
// balancing each state against those that lead into it until nothing moves (Gauss-Seidel; Stewart, Introduction to the
// Numerical Solution of Markov Chains, 1994, chapter 3). And two such systems of reserved capacity.

type State = readonly number[];

/** Where a state leads, and how often a second. Rates of 0 lead nowhere. */
type Moves = (state: State) => readonly (readonly [State, number])[];

export interface LongRun {
  readonly states: number;
  /** Mean of a number of the state over time. */
  mean(of: (state: State) => number): number;
  /** Share of the time in such states. */
  share(where: (state: State) => boolean): number;
}

const ENOUGH_ROUNDS = 100_000;
const STILL = 1e-15;

/** The long run of the chain that begins in `start`: all that leads back to it. Throws where it does not settle. */
export function longRun(start: State, moves: Moves): LongRun {
  const states: State[] = [start];
  const indices = new Map([[start.join(), 0]]);
  const into: { readonly from: number; readonly rate: number }[][] = [[]];
  const leaving: number[] = [];
  for (let index = 0; index < states.length; index++) {
    const steps = moves(states[index]!).filter(([, rate]) => rate > 0);
    for (const [next, rate] of steps) {
      const key = next.join();
      if (!indices.has(key)) {
        indices.set(key, states.length);
        states.push(next);
        into.push([]);
      }
      into[indices.get(key)!]!.push({ from: index, rate });
    }
    leaving.push(steps.reduce((sum, [, rate]) => sum + rate, 0));
  }
  const shares = balanced(into, leaving);
  const mean = (of: (state: State) => number) =>
    shares.reduce((sum, share, index) => sum + share * of(states[index]!), 0);
  return { states: states.length, mean, share: (where) => mean((state) => (where(state) ? 1 : 0)) };
}

function balanced(
  into: readonly (readonly { readonly from: number; readonly rate: number }[])[],
  leaving: readonly number[],
): readonly number[] {
  let shares = leaving.map(() => 1 / leaving.length);
  for (let round = 0; round < ENOUGH_ROUNDS; round++) {
    const next = shares.slice();
    for (const [index, sources] of into.entries()) {
      const flow = sources.reduce((sum, { from, rate }) => sum + next[from]! * rate, 0);
      next[index] = flow / leaving[index]!;
    }
    const total = next.reduce((sum, share) => sum + share, 0);
    const moved = next.reduce((sum, share, i) => sum + Math.abs(share / total - shares[i]!), 0);
    shares = next.map((share) => share / total);
    if (moved < STILL) return shares;
  }
  throw new Error("the chain does not settle");
}

interface Reserved {
  readonly servers: number;
  readonly reserved: number;
  /** Arrivals a second; the service rate is 1. */
  readonly priority: number;
  readonly standard: number;
}

/**
 * Trunk reservation in front of a queue: Standard starts while more than r servers are free and waits otherwise, Priority
 * starts whenever one is, and is first. With `displaces` Priority takes the last Standard's place in a full queue. What
 * each loses, and the mean wait of those that start; that of Standard only where none is displaced.
 */
export function reservedQueue(
  { servers, reserved, priority, standard }: Reserved,
  places: number,
  displaces: boolean,
) {
  const open = servers - reserved;
  const startsPriority = ([busy, , first]: State) => busy! < servers && first === 0;
  const startsStandard = ([busy, second, first]: State) => busy! < open && second! + first! === 0;
  const isFull = ([, second, first]: State) => second! + first! >= places;
  const mayDisplace = (state: State) => displaces && isFull(state) && state[1]! > 0;
  const chain = longRun([0, 0, 0], (state) => {
    const [busy, second, first] = state as [number, number, number];
    const moves: [State, number][] = [];
    if (startsPriority(state)) moves.push([[busy + 1, second, first], priority]);
    else if (!isFull(state)) moves.push([[busy, second, first + 1], priority]);
    else if (mayDisplace(state)) moves.push([[busy, second - 1, first + 1], priority]);
    if (startsStandard(state)) moves.push([[busy + 1, second, first], standard]);
    else if (!isFull(state)) moves.push([[busy, second + 1, first], standard]);
    if (first > 0) moves.push([[busy, second, first - 1], busy]);
    else if (second > 0 && busy <= open) moves.push([[busy, second - 1, first], busy]);
    else moves.push([[busy - 1, second, first], busy]);
    return moves;
  });
  const displaced = chain.share((state) => !startsPriority(state) && mayDisplace(state));
  const lostPriority = chain.share((state) => !startsPriority(state) && isFull(state)) - displaced;
  const lostStandard = chain.share((state) => !startsStandard(state) && isFull(state));
  return {
    priority: {
      blocking: lostPriority,
      wait: chain.mean(([, , first]) => first!) / (priority * (1 - lostPriority)),
    },
    standard: {
      blocking: lostStandard + (displaced * priority) / standard,
      wait: displaces ? null : chain.mean(([, second]) => second!) / (standard * (1 - lostStandard)),
    },
  };
}

/**
 * A loss system with r servers reserved that hands the Standard it refuses to a second one: the shares of Standard that
 * are handed over and lost, and that of Priority, which is not handed over, that is lost.
 */
export function reservedOverflow({ servers, reserved, priority, standard }: Reserved, second: number) {
  const open = servers - reserved;
  const chain = longRun([0, 0], ([here, there]) => {
    const [busy, other] = [here!, there!];
    const moves: [State, number][] = [
      [[busy - 1, other], busy],
      [[busy, other - 1], other],
    ];
    if (busy < servers) moves.push([[busy + 1, other], priority]);
    if (busy < open) moves.push([[busy + 1, other], standard]);
    else if (other < second) moves.push([[busy, other + 1], standard]);
    return moves;
  });
  const lost = chain.share(([busy, other]) => busy! >= open && other === second);
  return {
    overflow: chain.share(([busy]) => busy! >= open) - lost,
    standard: lost,
    priority: chain.share(([busy]) => busy === servers),
  };
}
