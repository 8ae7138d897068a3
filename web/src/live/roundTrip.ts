// SPDX-License-Identifier: Apache-2.0
import { Timer } from "#/transport/timer";
import type { Environment } from "#/transport/types";

/** ms. */
const interval = 30_000;
/** From the start to the first request, in ms: a page that has just loaded is busy, and would measure itself. */
const settleTime = 1000;

interface Options {
  environment: Environment;
  /** A cheap request. */
  ping: () => Promise<unknown>;
  /** A hidden tab is not measured. */
  isVisible: () => boolean;
  onMeasured: (ms: number) => void;
}

/**
 * Measures the round-trip time. An event stream has one direction only and cannot show it: this is the duration of a small
 * request, made once the stream is live and then periodically.
 */
export class RoundTrip {
  private readonly timer: Timer;
  private round = 0;

  constructor(private readonly options: Options) {
    this.timer = new Timer(options.environment);
  }

  start(): void {
    this.stop();
    const { round } = this;
    this.timer.set(settleTime, () => void this.begin(round));
  }
  stop(): void {
    this.timer.cancel();
    this.round += 1;
  }

  // The first request may have to open a connection, and would measure that.
  private async begin(round: number): Promise<void> {
    await this.ping();
    await this.measure(round);
  }
  private async measure(round: number): Promise<void> {
    const { environment, onMeasured } = this.options;
    const sentAt = environment.now();
    const answered = await this.ping();
    if (round !== this.round) {
      return;
    }
    if (answered) {
      onMeasured(environment.now() - sentAt);
    }
    this.timer.set(interval, () => void this.measure(round));
  }
  /** False: the tab is hidden, or the request failed; whether the server can be reached is for the stream to report. */
  private async ping(): Promise<boolean> {
    const { ping, isVisible } = this.options;
    if (!isVisible()) {
      return false;
    }
    return ping().then(
      () => true,
      () => false,
    );
  }
}
