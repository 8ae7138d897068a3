// SPDX-License-Identifier: Apache-2.0
import { Timer } from "#/transport/timer";
import type { Surroundings } from "#/transport/types";

/** ms. */
const interval = 30_000;
/** From the start to the first request, in ms: a page that has just come is busy, and would time itself. */
const settling = 1000;

interface Options {
  surroundings: Surroundings;
  /** Asks the server for something that costs it nothing. */
  ask: () => Promise<unknown>;
  /** Nobody looks at a hidden tab. */
  isVisible: () => boolean;
  onMeasured: (ms: number) => void;
}

/**
 * How long the server takes to answer. A stream only ever comes from there, so no round trip can be read off it: this is the
 * time of a small request, made once the stream stands and then now and again.
 */
export class RoundTrip {
  private readonly timer: Timer;
  private round = 0;

  constructor(private readonly options: Options) {
    this.timer = new Timer(options.surroundings);
  }

  start(): void {
    this.stop();
    const { round } = this;
    this.timer.set(settling, () => void this.begin(round));
  }
  stop(): void {
    this.timer.cancel();
    this.round += 1;
  }

  // The first request may have to open a connection; its time would say more of that than of the way.
  private async begin(round: number): Promise<void> {
    await this.answer();
    await this.measure(round);
  }
  private async measure(round: number): Promise<void> {
    const { surroundings, onMeasured } = this.options;
    const asked = surroundings.now();
    const answered = await this.answer();
    if (round !== this.round) {
      return;
    }
    if (answered) {
      onMeasured(surroundings.now() - asked);
    }
    this.timer.set(interval, () => void this.measure(round));
  } /** False: nobody looks, or nobody answers; whether the server is there is the stream's to say. */
  private async answer(): Promise<boolean> {
    const { ask, isVisible } = this.options;
    if (!isVisible()) {
      return false;
    }
    return ask().then(
      () => true,
      () => false,
    );
  }
}
