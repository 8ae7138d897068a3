// SPDX-License-Identifier: Apache-2.0
import type { EventSourceLike } from "#/transport/eventStream";
import { Timer } from "#/transport/timer";
import type { Environment } from "#/transport/types";
import { cursorText, earliest, isAtOrBefore, isOfUnknownHistory, isSameHistory, parseCursor } from "../cursor";
import { parseHeartbeat, topicIn } from "../envelope";
import type { Cursor } from "../types";
import { eventNames, eventsUrl, type ToHub, type ToTab } from "./messages";
import { ResumePoint } from "./resumePoint";

export interface HubOptions {
  environment: Environment;
  open: (url: string) => EventSourceLike;
}

/** One stream that a tab has opened. */
interface Subscriber {
  stream: string;
  topics: readonly string[];
  /** The cursor to resume from; null: live events only. */
  from: Cursor | null;
  send: (message: ToTab) => void;
  /** The current stream brings everything after `from`. */
  attached: boolean;
  opened: boolean;
  /** Its cursor has another epoch than the stream: it gets a `reset` for each of its topics, as from the server. */
  isOfOtherHistory: boolean;
  /** When something was last sent to it. */
  lastSentAt: number;
  /** Heartbeats that it has not answered. */
  missedHeartbeats: number;
}

/** Tabs often open together, for instance when a browser starts: changes are collected for this long, in ms. */
const applyDelay = 50;
/** A tab that leaves this many heartbeats unanswered has crashed. */
const missedHeartbeatsMax = 6;
/** The server sends `hb` after this much silence, in ms, unless it announces another interval. */
const defaultHeartbeat = 10_000;

/** A stream that was silent for this many heartbeats may be half-open: no new subscriber is attached to it. */
const staleAfter = 1.5;

const closed = 2;

/**
 * One event stream from the server for all tabs of a browser, which over HTTP/1.1 opens at most six connections to a server.
 * To a tab the hub behaves as the server would: each has its own topics and its own cursor, gets everything after it (some of
 * it twice where another tab resumes further back; a tab drops what it has), and gets `hb` when it has caught up.
 *
 * It does not reconnect by itself: when the stream is lost each tab gets an error, and the first that retries opens a new one.
 */
export class StreamHub {
  private readonly subscribers = new Map<string, Subscriber>();
  private readonly applyTimer: Timer;
  private source: EventSourceLike | null = null;
  /** The topics of the current stream, and its cursor. */
  private topics: ReadonlySet<string> = new Set();
  private cursor: Cursor | null = null;
  private readonly resumePoint = new ResumePoint<Cursor | null>(null);
  private isOpen = false;
  private caughtUp = false;
  private lastReceivedAt = 0;
  private heartbeat: { data: string; receivedAt: number } = { data: "{}", receivedAt: 0 };

  constructor(private readonly options: HubOptions) {
    this.applyTimer = new Timer(options.environment);
  }

  receive(message: ToHub, send: (message: ToTab) => void): void {
    switch (message.kind) {
      case "who":
        send({ kind: "hello" });
        break;
      case "open":
        this.join(message.stream, message.url, send);
        break;
      case "close":
        this.leave(message.stream);
        break;
      case "here":
        this.acknowledge(message.stream);
        break;
    }
  }
  end(): void {
    this.applyTimer.cancel();
    this.source?.close();
    this.source = null;
    this.subscribers.clear();
    this.topics = new Set();
    this.cursor = null;
    this.resumePoint.begin(null);
  }

  private join(stream: string, url: string, send: Subscriber["send"]): void {
    const query = new URL(url, "http://hub").searchParams;
    this.subscribers.set(stream, {
      stream,
      send,
      topics: query.getAll("topic"),
      from: parseCursor(query.get("lastEventId") ?? ""),
      attached: false,
      opened: false,
      isOfOtherHistory: false,
      lastSentAt: this.options.environment.now(),
      missedHeartbeats: 0,
    });
    if (this.source) {
      this.scheduleApply();
    } else {
      this.restart();
    }
  }
  private leave(stream: string): void {
    if (!this.subscribers.delete(stream)) {
      return;
    }
    if (this.subscribers.size === 0) {
      this.end();
    } else {
      this.scheduleApply();
    }
  }
  private acknowledge(stream: string): void {
    const member = this.subscribers.get(stream);
    if (member) {
      member.missedHeartbeats = 0;
    }
  }

  private scheduleApply(): void {
    if (!this.applyTimer.running) {
      this.applyTimer.set(applyDelay, () => this.apply());
    }
  }
  private apply(): void {
    for (const member of this.waiting()) {
      if (this.canAttach(member)) {
        this.attach(member);
        this.sendOpen(member);
        this.sendHeartbeat(member);
      }
    }
    if (this.waiting().length > 0 || !isSame(this.wanted(), this.topics)) {
      this.restart();
    }
  }
  private wanted(): Set<string> {
    return new Set([...this.subscribers.values()].flatMap(({ topics }) => topics));
  }
  private waiting(): Subscriber[] {
    return [...this.subscribers.values()].filter(({ attached }) => !attached);
  }
  /** The current stream brings everything that the subscriber needs. */
  private canAttach({ topics, from }: Subscriber): boolean {
    const { cursor } = this;
    const isAlive = this.options.environment.now() - this.lastReceivedAt <= staleAfter * this.every;
    const isThere =
      isAlive && this.isOpen && this.caughtUp && cursor !== null && topics.every((topic) => this.topics.has(topic));
    return isThere && (from === null || isAtOrBefore(cursor, from) || this.isOtherHistory(from));
  }
  private get every(): number {
    return parseHeartbeat(this.heartbeat.data).everyMs || defaultHeartbeat;
  }
  private isOtherHistory(from: Cursor): boolean {
    const { current } = this.resumePoint;
    return current !== null && !isOfUnknownHistory(current) && !isSameHistory(current, from);
  }
  private attach(member: Subscriber): void {
    member.attached = true;
    member.isOfOtherHistory = member.from !== null && this.isOtherHistory(member.from);
  }

  private restart(): void {
    this.applyTimer.cancel();
    this.source?.close();
    const places = this.waiting().flatMap(({ from }) => (from && !this.isOtherHistory(from) ? from : []));
    for (const member of this.waiting()) {
      this.attach(member);
    }
    this.cursor = earliest(this.resumePoint.current ? [this.resumePoint.current, ...places] : places);
    this.resumePoint.begin(this.cursor);
    this.topics = this.wanted();
    this.isOpen = false;
    this.caughtUp = false;
    this.listen(this.options.open(eventsUrl(this.topics, this.cursor && cursorText(this.cursor))));
  }
  private listen(source: EventSourceLike): void {
    this.source = source;
    // Events of an EventSource that has been replaced are ignored.
    const on = (name: string, action: (event: MessageEvent<string>) => void) =>
      source.addEventListener(name, (event) => {
        if (this.source === source) {
          this.lastReceivedAt = this.options.environment.now();
          action(event);
        }
      });
    on("open", () => this.onOpen());
    on("error", () => this.onError(source.readyState === closed));
    for (const name of eventNames) {
      on(name, ({ data, lastEventId }) => this.onEvent(name, data, lastEventId));
    }
  }

  private onOpen(): void {
    this.isOpen = true;
    for (const member of this.attached()) {
      this.sendOpen(member);
    }
  }
  private onError(refused: boolean): void {
    const members = [...this.subscribers.values()];
    this.end();
    for (const { stream, send } of members) {
      send({ kind: "error", stream, refused });
    }
  }
  private onEvent(name: string, data: string, id: string): void {
    this.cursor = parseCursor(id) ?? this.cursor;
    this.resumePoint.onEvent(name, this.cursor);
    if (name === "hb") {
      this.onHeartbeat(data, id);
    } else if (name === "drain") {
      this.sendToAll(this.attached(), name, data, id);
    } else {
      const topic = topicIn(data);
      const followers = this.attached().filter(({ topics }) => topics.includes(topic));
      this.sendToAll(followers, name, data, id);
      this.keepAlive();
    }
  }
  private onHeartbeat(data: string, id: string): void {
    this.heartbeat = { data, receivedAt: this.options.environment.now() };
    this.caughtUp = true;
    for (const member of this.attached()) {
      this.countHeartbeat(member);
      this.sendEvent(member, "hb", data, id);
    }
    if (this.waiting().length > 0) {
      this.scheduleApply();
    }
  }
  /** On a busy stream the server sends no `hb`; a tab whose own topics are quiet still needs one. */
  private keepAlive(): void {
    const now = this.options.environment.now();
    for (const member of this.caughtUp ? this.attached() : []) {
      if (now - member.lastSentAt >= this.every) {
        this.countHeartbeat(member);
        this.sendHeartbeat(member);
      }
    }
  }

  private attached(): Subscriber[] {
    return [...this.subscribers.values()].filter(({ attached }) => attached);
  }
  private sendOpen(member: Subscriber): void {
    if (member.opened) {
      return;
    }
    member.opened = true;
    const { stream, topics, send, isOfOtherHistory } = member;
    send({ kind: "open", stream });
    const { cursor } = this;
    if (isOfOtherHistory && cursor) {
      for (const topic of topics) {
        this.sendEvent(member, "reset", JSON.stringify({ topic }), cursorText(cursor));
      }
    }
  }
  /** The last heartbeat with the time corrected to now. */
  private sendHeartbeat(member: Subscriber): void {
    const { data, receivedAt } = this.heartbeat;
    const { time, everyMs } = parseHeartbeat(data);
    const now =
      time === undefined ? {} : { time: new Date(time + this.options.environment.now() - receivedAt).toISOString() };
    this.sendEvent(member, "hb", JSON.stringify({ ...now, everyMs }), this.cursor ? cursorText(this.cursor) : "");
  }
  private countHeartbeat(member: Subscriber): void {
    member.missedHeartbeats += 1;
    if (member.missedHeartbeats > missedHeartbeatsMax) {
      this.leave(member.stream);
    }
  }
  private sendToAll(members: readonly Subscriber[], name: string, data: string, id: string): void {
    for (const member of members) {
      this.sendEvent(member, name, data, id);
    }
  }
  private sendEvent(member: Subscriber, name: string, data: string, id: string): void {
    member.lastSentAt = this.options.environment.now();
    member.send({ kind: "event", stream: member.stream, name, data, id });
  }
}

function isSame(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((one) => b.has(one));
}
