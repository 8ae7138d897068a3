// SPDX-License-Identifier: Apache-2.0
import { Timer } from "#/transport/timer";
import type { Environment } from "#/transport/types";

/** Delay after a refusal, in ms: the list requests again as long as its top is in view. */
const pause = 2000;

/** Whether older messages are being loaded: one page is requested at a time. */
export class HistoryLoad {
  private readonly retryTimer: Timer;

  constructor(
    environment: Environment,
    private readonly onChange: (loading: boolean) => void,
  ) {
    this.retryTimer = new Timer(environment);
  }

  requested(sent: boolean): void {
    this.retryTimer.cancel();
    this.onChange(sent);
  }
  /** A request was refused; it may have been this one. */
  refused(): void {
    this.retryTimer.set(pause, () => this.onChange(false));
  }
  /** The answer came, or cannot come any more. */
  ended(): void {
    this.retryTimer.cancel();
    this.onChange(false);
  }
}
