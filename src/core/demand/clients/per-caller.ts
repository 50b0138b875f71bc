// What a client remembers of each of its callers, made when a caller is first met. Grows with callers alone.

export class PerCaller<State> {
  readonly #states: (State | undefined)[] = [];
  readonly #create: () => State;

  constructor(create: () => State) {
    this.#create = create;
  }

  of(caller: number): State {
    const states = this.#states;
    let state = states[caller];
    if (state === undefined) {
      // Filled up to there, or the engine would turn an array with a gap into a hash table.
      while (states.length < caller) states.push(undefined);
      state = this.#create();
      states[caller] = state;
    }
    return state;
  }
}
