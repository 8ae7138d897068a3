// SPDX-License-Identifier: Apache-2.0
import type { Environment } from "#/transport/types";
import type { Message } from "./room";

/** Missed messages come right after `resumed`, without an end mark: the count is taken after this, in ms. */
const replayTime = 1000;

/** Counts the messages that were missed during an outage. */
export class Replay {
  private running: { before: number; messages: number } | null = null;

  constructor(
    private readonly environment: Pick<Environment, "setTimeout">,
    /** Now on the server's clock. */
    private readonly serverNow: () => number,
    private readonly onEnd: (messages: number) => void,
  ) {}

  begin(): void {
    const running = { before: this.serverNow(), messages: 0 };
    this.running = running;
    this.environment.setTimeout(() => {
      if (this.running === running) {
        this.running = null;
        this.onEnd(running.messages);
      }
    }, replayTime);
  }
  /** It was missed if it is older than the rejoin. */
  count(message: Message): void {
    if (this.running && message.at < this.running.before) {
      ++this.running.messages;
    }
  }
  cancel(): void {
    this.running = null;
  }
}
