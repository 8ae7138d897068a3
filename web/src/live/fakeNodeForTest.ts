// SPDX-License-Identifier: Apache-2.0
import { FakeSource } from "#/transport/fakesForTest";
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

/** One lane: the events that are kept, what is gone of each topic, and how far it got. */
class Log {
  events: Stored[] = [];
  sequence = 0;
  readonly goneThrough = new Map<string, number>();
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
  forgetOldest(topic: string): void {
    const oldest = this.events.find((event) => event.topic === topic);
    if (oldest) {
      this.events = this.events.filter((event) => event !== oldest);
      this.goneThrough.set(topic, oldest.sequence);
    }
  }
}

/** A stream of the node: what is on its way stands in `frames`. */
class Line {
  frames: Frame[] = [];
  accepted = false;

  constructor(readonly source: FakeSource) {}

  get topics(): string[] {
    return this.source.query.getAll("topic");
  }
  get isOpen(): boolean {
    return this.source.readyState !== 2;
  }
  /** The next `count` frames arrive. */
  bring(count: number): void {
    for (const frame of this.frames.splice(0, count)) {
      if (this.isOpen) {
        this.source.say(frame.name, frame.data, frame.id);
      }
    }
  }
}

/** The hub and its event stream as docs/API.md has them: two lanes, retention, replay, reset, heartbeat. */
export class FakeNode {
  lines: Line[] = [];
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
    const { durable, volatile: ephemeral } = this.logs;
    return {
      durableEpoch: durable.epoch,
      durable: durable.sequence,
      volatileEpoch: ephemeral.epoch,
      volatile: ephemeral.sequence,
    };
  }

  readonly open = (url: string): FakeSource => {
    const line = new Line(new FakeSource(url));
    this.lines.push(line);
    return line.source;
  };
  /** The newest stream that the page has not closed. */
  get line(): Line | undefined {
    this.lines = this.lines.filter(({ isOpen }) => isOpen);
    return this.lines.at(-1);
  }
  accept(line: Line): void {
    line.accepted = true;
    line.source.accept();
    this.replay(line);
  }
  /** All that is on its way arrives, and what is still connecting gets through. */
  bringAll(): void {
    const { line } = this;
    if (line && !line.accepted) {
      this.accept(line);
    }
    line?.bring(Number.POSITIVE_INFINITY);
  }
  /** The network breaks: what was on its way is lost. */
  drop(): void {
    const { line } = this;
    this.lines = [];
    line?.source.drop();
  }
  publish(topic: string, type = "message"): void {
    const event = this.log(topic).append(topic);
    event.type = type;
    for (const line of this.lines.filter(({ accepted, topics }) => accepted && topics.includes(topic))) {
      line.frames.push(this.frameOf(event, this.cursor));
    }
  }
  beat(time = "2026-11-21T12:00:00.000Z", everyMs?: number): void {
    for (const line of this.lines.filter(({ accepted }) => accepted)) {
      line.frames.push({
        name: "hb",
        data: JSON.stringify({ time, everyMs }),
        id: line.frames.at(-1)?.id ?? this.lastId,
      });
    }
  }
  forgetOldest(topic: string): void {
    this.log(topic).forgetOldest(topic);
  }
  /** What was volatile is gone with the process; `data`: so is the data folder. */
  restart(data: "keeps its data" | "loses its data"): void {
    this.logs.volatile = this.newLog("v");
    if (data === "loses its data") {
      this.logs.durable = this.newLog("d");
    }
    this.drop();
  }

  private lastId = "";
  private newLog(letter: string): Log {
    return new Log(`${letter}${this.epochs++}`);
  }
  private frameOf({ topic, offset, type }: Stored, cursor: Cursor): Frame {
    const { epoch } = this.log(topic);
    const data = { topic, epoch, offset, type, time: "2026-11-21T12:00:00.000Z", data: "" };
    return { name: "message", data: JSON.stringify(data), id: cursorText(cursor) };
  }
  private replay(line: Line): void {
    const at = parseCursor(line.source.query.get("lastEventId") ?? "") ?? this.cursor;
    for (const lane of ["durable", "volatile"] as const) {
      this.replayLane(line, lane, at);
    }
    this.lastId = cursorText(at);
    line.frames.push({ name: "hb", data: JSON.stringify({ time: "2026-11-21T12:00:00.000Z" }), id: this.lastId });
  }
  private replayLane(line: Line, lane: Lane, at: Cursor): void {
    const log = this.logs[lane];
    const topics = line.topics.filter((topic) => this.laneOf(topic) === lane);
    const isVoid = at[`${lane}Epoch`] !== log.epoch || at[lane] > log.sequence;
    if (topics.length > 0 && isVoid) {
      at[lane] = 0;
    }
    at[`${lane}Epoch`] = log.epoch;
    const gaps = topics.filter((topic) => isVoid || (log.goneThrough.get(topic) ?? 0) > at[lane]);
    line.frames.push(...gaps.map((topic) => ({ name: "reset", data: JSON.stringify({ topic }), id: cursorText(at) })));
    for (const event of log.events) {
      if (event.sequence > at[lane] && topics.includes(event.topic)) {
        at[lane] = event.sequence;
        line.frames.push(this.frameOf(event, at));
      }
    }
    at[lane] = log.sequence;
  }
}
