// SPDX-License-Identifier: Apache-2.0
import { Timer } from "#/transport/timer";
import type { Environment } from "#/transport/types";

/** Between two probes, in ms, while it is unknown whether the server answers. */
const probeInterval = 5000;

/** One request to the server; exactly one of these ends it. */
export interface PendingRequest {
  answered(): void;
  /** It timed out, or the connection failed. */
  failed(): void;
  /** The caller does not need the answer any more. */
  aborted(): void;
}

interface Options {
  environment: Pick<Environment, "now" | "setTimeout" | "clearTimeout">;
  /** Sends a cheap request, tracked by `begin` of this object. */
  probe: () => void;
  /** Since when the oldest request has been unanswered; null: none is. */
  onUnansweredSince: (since: number | null) => void;
}

/**
 * Whether the server answers requests. A live event stream does not prove that: requests may hang while events come. A failed
 * request counts as unanswered until the next answer to any request.
 */
export class PendingRequests {
  private readonly open = new Map<PendingRequest, number>();
  private failedSince: number | null = null;
  private readonly probeTimer: Timer;

  constructor(private readonly options: Options) {
    this.probeTimer = new Timer(options.environment);
  }

  begin(): PendingRequest {
    const startedAt = this.options.environment.now();
    const request: PendingRequest = {
      answered: () => this.end(request, () => this.clearFailed()),
      failed: () => this.end(request, () => this.recordFailure(startedAt)),
      aborted: () => this.end(request, () => {}),
    };
    this.open.set(request, startedAt);
    this.report();
    return request;
  }

  private end(request: PendingRequest, act: () => void): void {
    if (this.open.delete(request)) {
      act();
      this.report();
    }
  }
  private clearFailed(): void {
    this.failedSince = null;
    this.probeTimer.cancel();
  }
  private recordFailure(from: number): void {
    this.failedSince = Math.min(this.failedSince ?? from, from);
    if (!this.probeTimer.running) {
      this.probeTimer.set(probeInterval, this.options.probe);
    }
  }
  private report(): void {
    const all = [...this.open.values(), ...(this.failedSince === null ? [] : [this.failedSince])];
    this.options.onUnansweredSince(all.length > 0 ? Math.min(...all) : null);
  }
}
