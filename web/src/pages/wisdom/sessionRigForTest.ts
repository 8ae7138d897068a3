// SPDX-License-Identifier: Apache-2.0
import { Session } from "./session";

/** A session with a clock that the test advances, a connection that records what is sent, and a page that keeps settings. */
export class SessionRig {
  at = 100_000;
  open = true;
  visible = true;
  /** The server answers health checks. */
  answering = true;
  savedWanted: boolean | null = null;
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
        saveWanted: (kept) => {
          this.savedWanted = kept;
        },
        visible: () => this.visible,
        checkServer: (answered) => this.answering && answered(),
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
    this.session.receive(`{"type":"initial","payload":{"id":"${id}"}}`);
  }
  confirm() {
    this.session.receive('{"type":"subscribe_confirmation","payload":{"status":"ok"}}');
  }
  quote(text = "Auuu") {
    this.session.receive(JSON.stringify({ type: "wisdom_distribution", payload: { message: text } }));
  }
  /** The types of the messages sent since the last call. */
  takeSentTypes(): string[] {
    return this.sent.splice(0).map((text) => JSON.parse(text).type);
  }
}
