// SPDX-License-Identifier: Apache-2.0
import type { Message } from "./room";

interface Parts {
  /** Now on the server's clock. */
  serverNow: () => number;
  setTimeout: (callback: () => void, ms: number) => unknown;
  onEnd: (messages: number) => void;
}

/** What was missed comes right behind `resumed`, without an end mark: it is counted after this, in ms. */
const replayTime = 1000;

/** Counts the messages that were missed during a drop. */
export class Replay {
  private running: { before: number; messages: number } | null = null;

  constructor(private readonly parts: Parts) {}

  begin(): void {
    const running = { before: this.parts.serverNow(), messages: 0 };
    this.running = running;
    this.parts.setTimeout(() => {
      if (this.running === running) {
        this.running = null;
        this.parts.onEnd(running.messages);
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
