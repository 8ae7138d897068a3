// SPDX-License-Identifier: Apache-2.0
import type { Machine } from "./machine";
import { type Refusal, refusalOf } from "./refusal";

/** Why a connection was refused, which browsers keep to themselves; null: nobody refuses it (any more). */
export type WhyRefused = (url: string, signal: AbortSignal) => Promise<Refusal | null>;

/** Asks why an attempt failed before it was open, and has the machine do what follows from the answer. */
export class Inquiry {
  private asking: AbortController | null = null;

  constructor(
    private readonly machine: Machine,
    private readonly whyRefused: WhyRefused = refusalOf,
  ) {}

  async begin(url: string): Promise<void> {
    this.cancel();
    const asking = new AbortController();
    this.asking = asking;
    const refusal = await this.whyRefused(url, asking.signal);
    if (asking.signal.aborted) {
      return;
    }
    if (refusal?.forGood) {
      this.machine.blocked(refusal.code);
    } else {
      this.machine.lost({ restarting: refusal?.code === "draining", notBefore: refusal?.retryAfter ?? 0 });
    }
  }
  /** The answer is not waited for any more. */
  cancel(): void {
    this.asking?.abort();
    this.asking = null;
  }
}
