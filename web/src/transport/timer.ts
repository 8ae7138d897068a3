// SPDX-License-Identifier: Apache-2.0
import type { Environment } from "./types";

/** One timeout that can be set again and canceled. */
export class Timer {
  private id: number | null = null;

  constructor(private readonly environment: Pick<Environment, "setTimeout" | "clearTimeout">) {}

  get running(): boolean {
    return this.id !== null;
  }
  /** Replaces a timeout that was set before. */
  set(ms: number, callback: () => void): void {
    this.cancel();
    this.id = this.environment.setTimeout(() => {
      this.id = null;
      callback();
    }, ms);
  }
  cancel(): void {
    if (this.id !== null) {
      this.environment.clearTimeout(this.id);
      this.id = null;
    }
  }
}
