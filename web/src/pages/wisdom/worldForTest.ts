// SPDX-License-Identifier: Apache-2.0
import { Session } from "./session";

/** A clock that is turned by hand, a line that writes down what is said, and a page that remembers. */
export class World {
  at = 100_000;
  open = true;
  visible = true;
  kept: boolean | null = null;
  reopened = 0;
  readonly sent: string[] = [];
  private timers: { id: number; at: number; callback: () => void }[] = [];
  private lastTimer = 0;
  readonly session: Session;

  constructor(wanted = false) {
    this.session = new Session(
      {
        send: (text) => {
          if (this.open) {
            this.sent.push(text);
          }
          return this.open;
        },
        reopen: () => {
          this.reopened++;
          this.session.closed();
        },
      },
      {
        now: () => this.at,
        random: () => 0,
        setTimeout: (callback, ms) => {
          this.timers.push({ id: ++this.lastTimer, at: this.at + ms, callback });
          return this.lastTimer;
        },
        clearTimeout: (id) => {
          this.timers = this.timers.filter((timer) => timer.id !== id);
        },
      },
      {
        wanted,
        keepWanted: (kept) => {
          this.kept = kept;
        },
        visible: () => this.visible,
        serverNow: () => this.at + 7,
      },
    );
  }
  get state() {
    return this.session.store.getState();
  }
  pass(ms: number) {
    const end = this.at + ms;
    for (;;) {
      const next = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) {
        break;
      }
      this.timers = this.timers.filter((timer) => timer !== next);
      this.at = next.at;
      next.callback();
    }
    this.at = end;
  }
  get timersLeft() {
    return this.timers.length;
  }
  greet(id = "w1") {
    this.session.heard(`{"type":"initial","payload":{"id":"${id}"}}`);
  }
  confirm() {
    this.session.heard('{"type":"subscribe_confirmation","payload":{"status":"ok"}}');
  }
  quote(text = "Auuu") {
    this.session.heard(JSON.stringify({ type: "wisdom_distribution", payload: { message: text } }));
  }
  /** The types of what was sent since the last look. */
  said(): string[] {
    return this.sent.splice(0).map((text) => JSON.parse(text).type);
  }
}
