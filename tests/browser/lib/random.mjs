// Numbers from a seed, so that what a test did by chance can be done again.

/** A source of numbers (Mulberry32). */
export class Random {
  #state;

  constructor(seed) {
    this.seed = seed;
    this.#state = seed >>> 0;
  }

  /** A whole number below `limit`. */
  below(limit) {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let value = this.#state;
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return Math.floor((((value ^ (value >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  /** One of several. */
  pick(from) {
    return from[this.below(from.length)];
  }
}

/** Another source each time, unless SEED says which. The seed is printed, to be given again. */
export function seeded(name) {
  const random = new Random(Number(process.env.SEED ?? Math.floor(Math.random() * 1e9)));
  console.log(`SEED=${random.seed} ${name}`);
  return random;
}
