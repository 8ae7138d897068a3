// SPDX-License-Identifier: Apache-2.0
import { Timer } from "#/transport/timer";
import type { Surroundings } from "#/transport/types";

/** A refusal is not asked about again at once, ms: the list asks as long as its top is in view. */
const pause = 2000;

/** Whether older messages are on their way: one page is asked for at a time. */
export class Older {
  private readonly later: Timer;

  constructor(
    surroundings: Surroundings,
    private readonly tell: (loading: boolean) => void,
  ) {
    this.later = new Timer(surroundings);
  }

  asked(sent: boolean): void {
    this.later.cancel();
    this.tell(sent);
  }
  /** Something that was asked for was refused; it may have been this. */
  refused(): void {
    this.later.set(pause, () => this.tell(false));
  }
  /** The answer came, or cannot come any more. */
  ended(): void {
    this.later.cancel();
    this.tell(false);
  }
}
