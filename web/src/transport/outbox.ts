// SPDX-License-Identifier: Apache-2.0
import { createStore, type StoreApi } from "zustand/vanilla";
import { newKey } from "./newKey";
import { Timer } from "./timer";
import type { Environment } from "./types";

/**
 *   waiting   is sent once the connection is open
 *   sending   was sent, and is not answered yet
 *   failed    refused, or not answered in time
 *   asking    waited so long that the user decides: retry or remove (the name is stored in the tab, so it stays)
 */
export type OutboxState = "waiting" | "sending" | "failed" | "asking";

export interface OutboxItem<T> {
  /** Made here and the same for every retry, so that the server recognizes a duplicate. */
  id: string;
  value: T;
  state: OutboxState;
  /** When it was written, or last retried by the user: ms of this computer's clock. */
  since: number;
  /** Why it failed: a code of the server, or `unanswered`. */
  error: string | null;
}

/** Keeps the items over a reload. */
export interface OutboxStorage<T> {
  load(): readonly OutboxItem<T>[];
  save(items: readonly OutboxItem<T>[]): void;
}

export interface OutboxOptions<T> {
  environment: Environment;
  /** False: it could not be sent now. */
  send: (id: string, value: T) => boolean;
  storage?: OutboxStorage<T>;
  newId?: () => string;
}

/** An item without an answer after this, in ms, has failed. */
const answerTimeout = 10_000;
/** What has waited longer than this, in ms, is not sent without asking: the conversation may have moved on. */
const automaticTime = 120_000;
/** Items in flight at a time: the server refuses more than 64 unanswered ones, and later ones could then overtake them. */
const windowSize = 32;

/** What was written here and is not on the server yet. Every item is visible, and an old one is not sent without the user. */
export class Outbox<T> {
  /** `unansweredSince`: when the oldest unanswered item was sent, timed-out ones included. */
  readonly store: StoreApi<{ items: readonly OutboxItem<T>[]; unansweredSince: number | null }>;
  private readonly deadlines = new Map<string, Timer>();
  private readonly unanswered = new Map<string, number>();
  private connected = false;

  constructor(private readonly options: OutboxOptions<T>) {
    // What was in flight when the page was closed may have arrived; with the same id it is safe to send it again.
    const items = (options.storage?.load() ?? []).map(waitingAgain);
    this.store = createStore(() => ({ items, unansweredSince: null as number | null }));
  }

  get items(): readonly OutboxItem<T>[] {
    return this.store.getState().items;
  }
  find(id: string): OutboxItem<T> | undefined {
    return this.items.find((item) => item.id === id);
  }

  add(value: T): string {
    const { newId = newKey, environment } = this.options;
    const item = { id: newId(), value, state: "waiting", since: environment.now(), error: null } as const;
    this.update([...this.items, item]);
    this.sendWaiting();
    return item.id;
  }
  /** The server acknowledged it. */
  acked(id: string): void {
    this.onAnswer();
    this.remove(id);
  }
  refused(id: string, code: string): void {
    this.clearDeadline(id);
    this.onAnswer();
    this.change(id, { state: "failed", error: code });
    this.sendWaiting();
  }
  retry(id: string): void {
    this.clearDeadline(id);
    this.change(id, { state: "waiting", since: this.options.environment.now(), error: null });
    this.sendWaiting();
  }
  /** All that failed or waits for the user's decision, in the order of writing. */
  retryAll(): void {
    for (const item of this.items.filter(({ state }) => state === "failed" || state === "asking")) {
      this.retry(item.id);
    }
  }
  remove(id: string): void {
    this.clearDeadline(id);
    this.update(this.items.filter((item) => item.id !== id));
    this.sendWaiting();
  }

  connectionUp(): void {
    const { environment } = this.options;
    this.connected = true;
    const isOld = (item: OutboxItem<T>) => environment.now() - item.since > automaticTime;
    this.update(
      this.items.map((item) => (item.state === "waiting" && isOld(item) ? { ...item, state: "asking" } : item)),
    );
    this.sendWaiting();
  }
  connectionDown(): void {
    this.connected = false;
    for (const { id } of this.items) {
      this.clearDeadline(id);
    }
    this.update(this.items.map(waitingAgain));
  }

  private sendWaiting(): void {
    for (let next = this.next(); next; next = this.next()) {
      const { id, value } = next;
      // Before it is sent, as the answer may come meanwhile.
      this.change(id, { state: "sending" });
      if (!this.options.send(id, value)) {
        this.change(id, { state: "waiting" });
        return; // The connection is closing; items are sent in order or not at all.
      }
      this.expectAnswer(id);
    }
  }
  private next(): OutboxItem<T> | undefined {
    const inFlight = this.items.filter(({ state }) => state === "sending").length;
    return this.connected && inFlight < windowSize ? this.items.find(({ state }) => state === "waiting") : undefined;
  }
  private expectAnswer(id: string): void {
    if (this.find(id)?.state !== "sending") {
      return;
    }
    const deadline = new Timer(this.options.environment);
    this.deadlines.set(id, deadline);
    deadline.set(answerTimeout, () => this.onTimeout(id));
    this.unanswered.set(id, this.options.environment.now());
    this.update(this.items);
  }
  private onTimeout(id: string): void {
    this.deadlines.delete(id);
    this.change(id, { state: "failed", error: "unanswered" });
    this.sendWaiting();
  }
  /** The server answers: what timed out earlier is no sign of an outage any more. */
  private onAnswer(): void {
    for (const { id, state } of this.items) {
      if (state === "failed") {
        this.unanswered.delete(id);
      }
    }
  }
  private clearDeadline(id: string): void {
    this.deadlines.get(id)?.cancel();
    this.deadlines.delete(id);
    this.unanswered.delete(id);
  }
  private change(id: string, change: Partial<OutboxItem<T>>): void {
    this.update(this.items.map((item) => (item.id === id ? { ...item, ...change } : item)));
  }
  private update(items: readonly OutboxItem<T>[]): void {
    const since = Math.min(...this.unanswered.values());
    this.store.setState({ items, unansweredSince: Number.isFinite(since) ? since : null });
    this.options.storage?.save(items);
  }
}

function waitingAgain<T>(item: OutboxItem<T>): OutboxItem<T> {
  return item.state === "sending" ? { ...item, state: "waiting" } : item;
}

/** Keeps the items for this tab until it is closed. */
export function sessionOutboxStorage<T>(key: string): OutboxStorage<T> {
  return {
    load: () => {
      try {
        return JSON.parse(sessionStorage.getItem(key) ?? "[]") as OutboxItem<T>[];
      } catch {
        return []; // Malformed, or storage is refused: nothing was kept.
      }
    },
    save: (items) => {
      try {
        sessionStorage.setItem(key, JSON.stringify(items));
      } catch {
        // Full or refused: the items live as long as the page.
      }
    },
  };
}
