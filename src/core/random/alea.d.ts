// seedrandom ships this generator as its own file, and its published types describe only the package root.
// Loading the one file keeps the root's entropy gathering, and with it Node's crypto, out of the bundle.
declare module "seedrandom/lib/alea.js" {
  interface AleaGenerator {
    /** The next number in [0, 1) with 53 random bits. */
    double(): number;
  }
  const alea: (seed: string) => AleaGenerator;
  export default alea;
}
