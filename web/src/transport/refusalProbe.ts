// SPDX-License-Identifier: Apache-2.0
import type { ReconnectPolicy } from "./reconnectPolicy";
import { type Refusal, refusalOf } from "./refusal";

/** Finds out why a connection was refused, which browsers do not report; null: it is not refused (any more). */
export type RefusalLookup = (url: string, signal: AbortSignal) => Promise<Refusal | null>;

/** Looks up why an attempt failed before it was open, and has the policy retry or block accordingly. */
export class RefusalProbe {
  private running: AbortController | null = null;

  constructor(
    private readonly policy: ReconnectPolicy,
    private readonly lookUp: RefusalLookup = refusalOf,
  ) {}

  async start(url: string): Promise<void> {
    this.cancel();
    const asking = new AbortController();
    this.running = asking;
    const refusal = await this.lookUp(url, asking.signal);
    if (asking.signal.aborted) {
      return;
    }
    if (refusal?.forGood) {
      this.policy.block(refusal.code);
    } else {
      this.policy.lost({ restarting: refusal?.code === "draining", notBefore: refusal?.retryAfter ?? 0 });
    }
  }
  /** Stops waiting for the answer. */
  cancel(): void {
    this.running?.abort();
    this.running = null;
  }
}
