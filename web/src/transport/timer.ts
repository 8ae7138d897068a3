// SPDX-License-Identifier: Apache-2.0
import type { Surroundings } from "./types";

/** One thing that happens later, or not at all. */
export class Timer {
  private id: number | null = null;

  constructor(private readonly surroundings: Pick<Surroundings, "setTimeout" | "clearTimeout">) {}

  get running(): boolean {
    return this.id !== null;
  }
  /** Takes the place of what was set before. */
  set(ms: number, callback: () => void): void {
    this.cancel();
    this.id = this.surroundings.setTimeout(() => {
      this.id = null;
      callback();
    }, ms);
  }
  cancel(): void {
    if (this.id !== null) {
      this.surroundings.clearTimeout(this.id);
      this.id = null;
    }
  }
}
