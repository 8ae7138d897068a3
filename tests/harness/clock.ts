// SPDX-License-Identifier: Apache-2.0
// Times that the server sends, compared with the clock that both processes share.

import { expect } from 'vitest';

/** `time` lies between `since` and now; it is in units of `unitMs`, rounded down. */
export function expectToldSince(since: number, time: number, unitMs = 1): void {
    expect(time).toBeGreaterThanOrEqual(Math.floor(since / unitMs) * unitMs);
    expect(time).toBeLessThanOrEqual(Date.now());
}
