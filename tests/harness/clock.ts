// SPDX-License-Identifier: Apache-2.0
// Times that the server tells, against the clock that both processes share.

import { expect } from 'vitest';

/** `time` lies between `since` and now; it is told in units of `unitMs`, rounded down. */
export function expectToldSince(since: number, time: number, unitMs = 1): void {
    expect(time).toBeGreaterThanOrEqual(Math.floor(since / unitMs) * unitMs);
    expect(time).toBeLessThanOrEqual(Date.now());
}
