// SPDX-License-Identifier: Apache-2.0

/** Seeded randomness (mulberry32), so that a failure can be run again: HOWL_SEED=n. */
export class Random {
    readonly seed: number;
    private state: number;

    constructor(seed = Number(process.env['HOWL_SEED'] ?? 20_261_121)) {
        this.seed = seed;
        this.state = seed >>> 0;
    }

    /** A whole number in [low, high]. */
    between(low: number, high: number): number {
        this.state = (this.state + 0x6d2b79f5) >>> 0;
        let mixed = this.state;
        mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        const unit = ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
        return low + Math.floor(unit * (high - low + 1));
    }
}
