// SPDX-License-Identifier: Apache-2.0

/** The server's clock minus this machine's, in ms; heartbeats tell it. */
let offset = 0;

export function setClockOffset(ms: number): void {
  offset = ms;
}

/** Now, on the server's clock: ages and countdowns of what the server said are counted by it. */
export function serverNow(): number {
  return Date.now() + offset;
}
