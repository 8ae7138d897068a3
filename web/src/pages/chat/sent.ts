// SPDX-License-Identifier: Apache-2.0
import type { Outgoing, Outgoings } from "./outgoing";
import type { WireMessage } from "./protocol";
import { type Message, messageOf } from "./room";

/** So many are remembered: those that the server may still say again. */
const kept = 100;

/** What was sent from this tab: tells it among what the server says, and how long the server took to say it. */
export class Sent {
  private readonly times = new Map<string, { at: number; took: number | null }>();

  constructor(
    private readonly outbox: Outgoings,
    private readonly now: () => number,
  ) {}

  outgoing(id: string): Outgoing | undefined {
    return this.outbox.store.getState().items.find((item) => item.id === id);
  }
  transmitted(id: string): void {
    this.times.delete(id); // To be the newest, should it be sent again.
    this.times.set(id, { at: this.now(), took: null });
    const [oldest] = this.times.keys();
    if (this.times.size > kept && oldest !== undefined) {
      this.times.delete(oldest);
    }
  }
  /** A message of the server; one that was sent from here takes the place of its pending copy. `ids`: this tab's own. */
  settle(wire: WireMessage, ids: ReadonlySet<string>): Message {
    const message = messageOf(wire);
    const id = wire.clientId ?? "";
    const time = this.times.get(id);
    const here = time !== undefined || this.outgoing(id) !== undefined;
    // Another person may have copied the id.
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
