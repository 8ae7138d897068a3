// SPDX-License-Identifier: Apache-2.0
import { FakeEventSource } from "#/transport/fakesForTest";
import { cursorText, parseCursor } from "./cursor";
import type { Cursor } from "./types";

type Lane = "durable" | "volatile";

interface Stored {
  topic: string;
  offset: number;
  sequence: number;
  type: string;
}

interface Frame {
  name: string;
  data: string;
  id: string;
}

/** One lane: the retained events, the last deleted one of each topic, and the last sequence. */
class Log {
  events: Stored[] = [];
  sequence = 0;
  readonly deletedThrough = new Map<string, number>();
  private readonly offsets = new Map<string, number>();

  constructor(readonly epoch: string) {}

  lastOffset(topic: string): number {
    return this.offsets.get(topic) ?? 0;
  }
  append(topic: string): Stored {
    const offset = this.lastOffset(topic) + 1;
    this.offsets.set(topic, offset);
    this.sequence += 1;
    const event = { topic, offset, sequence: this.sequence, type: "message" };
    this.events.push(event);
    return event;
  }
  deleteOldest(topic: string): void {
    const oldest = this.events.find((event) => event.topic === topic);
    if (oldest) {
      this.events = this.events.filter((event) => event !== oldest);
      this.deletedThrough.set(topic, oldest.sequence);
    }
  }
}

/** An event stream of the node: `frames` are in flight. */
class FakeStream {
  frames: Frame[] = [];
  accepted = false;
  /** The id of the last queued frame. */
  lastId = "";

  constructor(readonly source: FakeEventSource) {}

  queue(...frames: Frame[]): void {
    this.frames.push(...frames);
    this.lastId = frames.at(-1)?.id ?? this.lastId;
  }
  get topics(): string[] {
    return this.source.query.getAll("topic");
  }
  get isOpen(): boolean {
    return this.source.readyState !== 2;
  }
  /** Delivers the next `count` frames. */
  deliver(count: number): void {
    for (const frame of this.frames.splice(0, count)) {
      if (this.isOpen) {
        this.source.receive(frame.name, frame.data, frame.id);
      }
    }
  }
}

/** A server with the event stream of docs/API.md: two lanes, retention, replay, reset, heartbeat. */
export class FakeNode {
  streams: FakeStream[] = [];
  private epochs = 1;
  private readonly logs: Record<Lane, Log> = { durable: this.newLog("d"), volatile: this.newLog("v") };

  /** Topics whose name begins with `v` are volatile. */
  laneOf(topic: string): Lane {
    return topic.startsWith("v") ? "volatile" : "durable";
  }
  log(topic: string): Log {
    return this.logs[this.laneOf(topic)];
  }
  get cursor(): Cursor {
    const { durable, volatile } = this.logs;
    return {
      durableEpoch: durable.epoch,
      durable: durable.sequence,
      volatileEpoch: volatile.epoch,
      volatile: volatile.sequence,
    };
  }

  readonly open = (url: string): FakeEventSource => {
    const stream = new FakeStream(new FakeEventSource(url));
    this.streams.push(stream);
    return stream.source;
  };
  /** The newest stream that the page has not closed. */
  get line(): FakeStream | undefined {
    this.streams = this.streams.filter(({ isOpen }) => isOpen);
    return this.streams.at(-1);
  }
  accept(line: FakeStream): void {
    line.accepted = true;
    line.source.accept();
    this.replay(line);
  }
  /** Delivers all frames in flight, and accepts a stream that is connecting. */
  deliverAll(): void {
    const { line } = this;
    if (line && !line.accepted) {
      this.accept(line);
    }
    line?.deliver(Number.POSITIVE_INFINITY);
  }
  /** The network breaks: frames in flight are lost. */
  drop(): void {
    const { line } = this;
    this.streams = [];
    line?.source.drop();
  }
  publish(topic: string, type = "message"): void {
    const event = this.log(topic).append(topic);
    event.type = type;
    for (const line of this.streams.filter(({ accepted, topics }) => accepted && topics.includes(topic))) {
      line.queue(this.frameOf(event, this.cursor));
    }
  }
  heartbeat(time = "2026-11-21T12:00:00.000Z", everyMs?: number): void {
    for (const line of this.streams.filter(({ accepted }) => accepted)) {
      line.queue({ name: "hb", data: JSON.stringify({ time, everyMs }), id: line.lastId });
    }
  }
  deleteOldest(topic: string): void {
    this.log(topic).deleteOldest(topic);
  }
  /** Volatile events are lost with the process; `data`: whether the data folder is lost, too. */
  restart(data: "keeps its data" | "loses its data"): void {
    this.logs.volatile = this.newLog("v");
    if (data === "loses its data") {
      this.logs.durable = this.newLog("d");
    }
    this.drop();
  }

  private newLog(letter: string): Log {
    return new Log(`${letter}${this.epochs++}`);
  }
  private frameOf({ topic, offset, type }: Stored, cursor: Cursor): Frame {
    const { epoch } = this.log(topic);
    const data = { topic, epoch, offset, type, time: "2026-11-21T12:00:00.000Z", data: "" };
    return { name: "message", data: JSON.stringify(data), id: cursorText(cursor) };
  }
  private replay(line: FakeStream): void {
    const at = parseCursor(line.source.query.get("lastEventId") ?? "") ?? this.cursor;
    for (const lane of ["durable", "volatile"] as const) {
      this.replayLane(line, lane, at);
    }
    line.queue({ name: "hb", data: JSON.stringify({ time: "2026-11-21T12:00:00.000Z" }), id: cursorText(at) });
  }
  private replayLane(line: FakeStream, lane: Lane, at: Cursor): void {
    const log = this.logs[lane];
    const topics = line.topics.filter((topic) => this.laneOf(topic) === lane);
    const isVoid = at[`${lane}Epoch`] !== log.epoch || at[lane] > log.sequence;
    if (topics.length > 0 && isVoid) {
      at[lane] = 0;
    }
    at[`${lane}Epoch`] = log.epoch;
    const gaps = topics.filter((topic) => isVoid || (log.deletedThrough.get(topic) ?? 0) > at[lane]);
    line.queue(...gaps.map((topic) => ({ name: "reset", data: JSON.stringify({ topic }), id: cursorText(at) })));
    for (const event of log.events) {
      if (event.sequence > at[lane] && topics.includes(event.topic)) {
        at[lane] = event.sequence;
        line.queue(this.frameOf(event, at));
      }
    }
    at[lane] = log.sequence;
  }
}
