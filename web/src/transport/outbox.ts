// SPDX-License-Identifier: Apache-2.0
import { createStore, type StoreApi } from "zustand/vanilla";
import { newKey } from "./newKey";
import { Timer } from "./timer";
import type { Surroundings } from "./types";

/**
 *   waiting   goes out once the connection is there
 *   sending   is out, and not answered yet
 *   failed    refused, or not answered in time
 *   asking    waited so long that the person decides: retry or remove
 */
export type OutboxState = "waiting" | "sending" | "failed" | "asking";

export interface OutboxItem<T> {
  /** Made here and kept through every retry, so that the server can tell that it has it. */
  id: string;
  value: T;
  state: OutboxState;
  /** When it was written, or last retried by the person: ms of this machine's clock. */
  since: number;
  /** Why it failed: a code of the server, or `unanswered`. */
  error: string | null;
}

/** Keeps the items over a reload. */
export interface OutboxMemory<T> {
  load(): readonly OutboxItem<T>[];
  save(items: readonly OutboxItem<T>[]): void;
}

export interface OutboxOptions<T> {
  surroundings: Surroundings;
  /** False: it could not be sent now. */
  send: (id: string, value: T) => boolean;
  memory?: OutboxMemory<T>;
  newId?: () => string;
}

/** What is sent and not answered after this, in ms, has failed. */
const answerTime = 10_000;
/** What has waited longer than this, in ms, is not sent without asking: the talk may have moved on. */
const freshTime = 120_000;
/** So many are out at a time: the server refuses more than 64 that it has not answered, and what came after could pass them. */
const windowSize = 32;

/** What was written here and is not on the server yet; every item is visible, and none is sent behind the person's back. */
export class Outbox<T> {
  readonly store: StoreApi<{ items: readonly OutboxItem<T>[] }>;
  private readonly deadlines = new Map<string, Timer>();
  private connected = false;

  constructor(private readonly options: OutboxOptions<T>) {
    // What was out when the page went may have arrived; with the same id it is safe to send it again.
    const items = (options.memory?.load() ?? []).map(waitingAgain);
    this.store = createStore(() => ({ items }));
  }

  get items(): readonly OutboxItem<T>[] {
    return this.store.getState().items;
  }
  find(id: string): OutboxItem<T> | undefined {
    return this.items.find((item) => item.id === id);
  }

  add(value: T): string {
    const { newId = newKey, surroundings } = this.options;
    const item = { id: newId(), value, state: "waiting", since: surroundings.now(), error: null } as const;
    this.put([...this.items, item]);
    this.sendWaiting();
    return item.id;
  }
  /** The server has it. */
  acked(id: string): void {
    this.remove(id);
  }
  refused(id: string, code: string): void {
    this.forget(id);
    this.change(id, { state: "failed", error: code });
    this.sendWaiting();
  }
  retry(id: string): void {
    this.forget(id);
    this.change(id, { state: "waiting", since: this.options.surroundings.now(), error: null });
    this.sendWaiting();
  }
  /** All that failed or asks, in the order in which it was written. */
  retryAll(): void {
    for (const item of this.items.filter(({ state }) => state === "failed" || state === "asking")) {
      this.retry(item.id);
    }
  }
  remove(id: string): void {
    this.forget(id);
    this.put(this.items.filter((item) => item.id !== id));
    this.sendWaiting();
  }

  connectionUp(): void {
    const { surroundings } = this.options;
    this.connected = true;
    const isOld = (item: OutboxItem<T>) => surroundings.now() - item.since > freshTime;
    this.put(this.items.map((item) => (item.state === "waiting" && isOld(item) ? { ...item, state: "asking" } : item)));
    this.sendWaiting();
  }
  connectionDown(): void {
    this.connected = false;
    for (const { id } of this.items) {
      this.forget(id);
    }
    this.put(this.items.map(waitingAgain));
  }

  private sendWaiting(): void {
    for (let next = this.next(); next; next = this.next()) {
      const { id, value } = next;
      // Before it goes, as the answer may come while it does.
      this.change(id, { state: "sending" });
      if (!this.options.send(id, value)) {
        this.change(id, { state: "waiting" });
        return; // The connection is going; in order or not at all.
      }
      this.expectAnswer(id);
    }
  }
  private next(): OutboxItem<T> | undefined {
    const out = this.items.filter(({ state }) => state === "sending").length;
    return this.connected && out < windowSize ? this.items.find(({ state }) => state === "waiting") : undefined;
  }
  private expectAnswer(id: string): void {
    if (this.find(id)?.state !== "sending") {
      return;
    }
    const deadline = new Timer(this.options.surroundings);
    this.deadlines.set(id, deadline);
    deadline.set(answerTime, () => this.refused(id, "unanswered"));
  }
  private forget(id: string): void {
    this.deadlines.get(id)?.cancel();
    this.deadlines.delete(id);
  }
  private change(id: string, change: Partial<OutboxItem<T>>): void {
    this.put(this.items.map((item) => (item.id === id ? { ...item, ...change } : item)));
  }
  private put(items: readonly OutboxItem<T>[]): void {
    this.store.setState({ items });
    this.options.memory?.save(items);
  }
}

function waitingAgain<T>(item: OutboxItem<T>): OutboxItem<T> {
  return item.state === "sending" ? { ...item, state: "waiting" } : item;
}

/** Keeps the items for this tab until it is closed. */
export function tabMemory<T>(key: string): OutboxMemory<T> {
  return {
    load: () => {
      try {
        return JSON.parse(sessionStorage.getItem(key) ?? "[]") as OutboxItem<T>[];
      } catch {
        return []; // Not ours, or storage is refused: nothing was kept.
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
