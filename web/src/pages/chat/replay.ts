// SPDX-License-Identifier: Apache-2.0
import type { Surroundings } from "#/transport/types";
import type { Message } from "./room";

/** What was missed comes right behind `resumed`, without an end mark: it is counted after this, in ms. */
const replayTime = 1000;

/** Counts the messages that were missed during a drop. */
export class Replay {
  private running: { before: number; messages: number } | null = null;

  constructor(
    private readonly surroundings: Pick<Surroundings, "setTimeout">,
    /** Now on the server's clock. */
    private readonly serverNow: () => number,
    private readonly onEnd: (messages: number) => void,
  ) {}

  begin(): void {
    const running = { before: this.serverNow(), messages: 0 };
    this.running = running;
    this.surroundings.setTimeout(() => {
      if (this.running === running) {
        this.running = null;
        this.onEnd(running.messages);
      }
    }, replayTime);
  }
  /** It was missed if it is older than the return. */
  count(message: Message): void {
    if (this.running && message.at < this.running.before) {
      ++this.running.messages;
    }
  }
  cancel(): void {
    this.running = null;
  }
}
