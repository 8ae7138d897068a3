// SPDX-License-Identifier: Apache-2.0
import type { Outgoing, Outgoings } from "./outgoing";
import type { WireMessage } from "./protocol";
import { type Message, messageOf } from "./room";

/** So many are remembered: those that the server may still say again. */
const rememberedMax = 100;

/** The messages sent from this tab: recognizes them when the server sends them, and measures how long that took. */
export class SentMessages {
  private readonly times = new Map<string, { at: number; took: number | null }>();

  constructor(
    private readonly outbox: Outgoings,
    private readonly now: () => number,
  ) {}

  outgoing(id: string): Outgoing | undefined {
    return this.outbox.store.getState().items.find((item) => item.id === id);
  }
  transmitted(id: string): void {
    this.times.delete(id); // So that a message that is sent again becomes the newest.
    this.times.set(id, { at: this.now(), took: null });
    const [oldest] = this.times.keys();
    if (this.times.size > rememberedMax && oldest !== undefined) {
      this.times.delete(oldest);
    }
  }
  /** Converts a message of the server; one sent from here replaces its pending copy. `ids`: this tab's own. */
  confirm(wire: WireMessage, ids: ReadonlySet<string>): Message {
    const message = messageOf(wire);
    const id = wire.clientId ?? "";
    const time = this.times.get(id);
    const here = time !== undefined || this.outgoing(id) !== undefined;
    // Another client may have used the same id.
    if (!here || !ids.has(wire.user.id)) {
      return message;
    }
    this.outbox.acked(id);
    if (!time) {
      return { ...message, sentHere: true };
    }
    time.took ??= this.now() - time.at;
    return { ...message, sentHere: true, took: time.took };
  }
}
