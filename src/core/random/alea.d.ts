// seedrandom ships this generator as its own file, and its published types describe only the package root.
// Loading the one file keeps the root's entropy gathering, and with it Node's crypto, out of the bundle.
declare module "seedrandom/lib/alea.js" {
  /** What the next number is made from. */
  interface AleaState {
    readonly s0: number;
    readonly s1: number;
    readonly s2: number;
    /** The carry. */
    readonly c: number;
  }
  interface AleaGenerator {
    /** The next number in [0, 1) with 53 random bits. */
    double(): number;
    state(): AleaState;
  }
  const alea: (seed: string, options: { readonly state: true }) => AleaGenerator;
  export default alea;
}
