// SPDX-License-Identifier: Apache-2.0
import { Timer } from "#/transport/timer";
import type { Surroundings } from "#/transport/types";

/** ms. */
const interval = 30_000;

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
    void this.measure(this.round);
  }
  stop(): void {
    this.timer.cancel();
    this.round += 1;
  }

  private async measure(round: number): Promise<void> {
    const { surroundings, ask, isVisible, onMeasured } = this.options;
    const asked = surroundings.now();
    const answered =
      isVisible() &&
      (await ask().then(
        () => true,
        () => false, // Whether the server is there is the stream's to say.
      ));
    if (round !== this.round) {
      return;
    }
    if (answered) {
      onMeasured(surroundings.now() - asked);
    }
    this.timer.set(interval, () => void this.measure(round));
  }
}
