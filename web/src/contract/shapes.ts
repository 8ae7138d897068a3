// SPDX-License-Identifier: Apache-2.0
// Written by tools/generate_contract.py from src/products/system/openapi.json: change that instead.

/** RFC 9457. `code` is stable; `detail` is for people. */
export interface Problem {
  type: "about:blank";
  title: string;
  status: number;
  code: string;
  detail?: string;
}

/** 1-255 bytes of UTF-8 without U+0000. */
export type TopicName = string;

/** A topic name in which one `*` stands for any text; it matches no topic of Howl's own apps. */
export type TopicPattern = string;

export type RoomName = string;

/** It changes only when history was lost. */
export type Epoch = string;

/** The place in the topic; grows by one. */
export type Offset = number;

/** Where a reader stands; every `id:` of a stream is one. */
export type Cursor = string;

export type Time = string;

export type Uuid = string;

export interface Receipt {
  topic: TopicName;
  epoch: Epoch;
  offset: Offset;
  /** Of an event in several topics: where it stands in each. */
  copies?: Copy[];
}

export interface Copy {
  topic: TopicName;
  epoch: Epoch;
  offset: Offset;
}

export interface MessageReceipt {
  topic: TopicName;
  epoch: Epoch;
  offset: Offset;
  /** Streams that read the user's topic once the message was stored, on all shards. */
  sessions: number;
}

/** The numbers are those of /metrics. */
export interface Stats {
  time: Time;
  uptimeSeconds: number;
  /** Open TCP connections. */
  connections: number;
  /** Open SSE streams and WebSocket sessions. */
  streams: number;
  /** Topics known to the node. */
  topics: number;
  /** Events committed since the start, those of `howl:stats` included. */
  published: number;
  /** Events queued for live readers since the start, one for each reader; replays are not counted. */
  delivered: number;
}

export interface Envelope {
  topic: TopicName;
  epoch: Epoch;
  offset: Offset;
  type: string;
  time: Time;
  data: string;
  /** There where the data is binary. */
  encoding?: "base64";
}

/** Events were missed for good; what is still retained of the topic follows. */
export interface Gap {
  topic: TopicName;
  type: "reset";
}

export interface EnvelopeWithCursor {
  topic: TopicName;
  epoch: Epoch;
  offset: Offset;
  type: string;
  time: Time;
  data: string;
  cursor: Cursor;
}

/** The reader has caught up. */
export interface Joined {
  type: "joined";
  cursor: Cursor;
}

/** `Gap`; of topics that are known no more their pattern stands for them. */
export interface GapWithCursor {
  topic?: TopicName;
  pattern?: TopicPattern;
  type: "reset";
  cursor: Cursor;
}

/** The data of `hb`, on `/api/events` with envelopes. */
export interface Heartbeat {
  /** The server's clock. */
  time: Time;
  /** How often it comes while nothing else does. */
  everyMs: number;
}

/** The data of `drain`, on the same stream before a shutdown. */
export interface Drain {
  /** When to come back. */
  retryMs: number;
}

/**
 * WHATWG HTML section 9.2. An `id:` alone says that the reader has caught up; the event `reset` that events were missed
 * for good: dropped by retention, lost, or damaged on the server's disk; `: hb` is a sign of life; in its place
 * `/api/events` with envelopes has the event `hb`, whose data is a `Heartbeat`, the first one as soon as the reader has
 * caught up, and before a shutdown `drain` with a `Drain`. `: slow` and `: draining: ...` say why the stream ends.
 */
export type EventStream = string;

export interface History {
  topic: TopicName;
  epoch: Epoch;
  /** Of the oldest event that is kept. */
  firstOffset: number;
  lastOffset: number;
  /** Ask again with `after`: the last offset of this page. */
  more: boolean;
  events: StoredEvent[];
  /** Offsets within this page whose events are damaged on the server's disk; absent where there are none. */
  missing?: number[];
}

export interface StoredEvent {
  offset: Offset;
  type: string;
  time: Time;
  data: string;
  /** There where the data is binary. */
  encoding?: "base64";
  contentType?: string;
}

export interface TopicList {
  topics: {
    topic: TopicName;
    /** Whether its events are kept on disk or in memory only. */
    lane: "durable" | "volatile";
    /** The newest one given out, whether its event is kept or not. */
    lastOffset: number;
  }[];
  more: boolean;
}

export interface Presence {
  topic: TopicName;
  count: number;
  members: {
    name: string;
    sessions: number;
  }[];
}

export type InstanceState = "stopped" | "running";

export type OperationKind = "create" | "start" | "stop" | "remove";

/** Work that takes its time; at most one at a time on an instance. */
export interface Operation {
  id: Uuid;
  kind: OperationKind;
  startedAt: Time;
  durationMs: number;
}

export interface Instance {
  id: Uuid;
  state: InstanceState;
  /** When the state last changed. */
  timestamp: Time;
  name?: string;
  op?: Operation;
}

export interface InstanceWish {
  /** At most 64 bytes without control characters. */
  name?: string;
}

export interface StateWish {
  state: InstanceState;
}

export interface AcceptedOperation {
  status: "ok";
  opId: Uuid;
  /** Of the instance. */
  id: Uuid;
}

/** `event:` of what tells of instances; the command came in, or what became of it. */
export type InstanceEventType = "received" | "created" | "started" | "stopped" | "removed" | "failed";

export interface InstanceEvent {
  opId: Uuid;
  kind: OperationKind;
  durationMs: number;
  /** Where the command came from. */
  door: "api" | "cloud-commands" | "cloud-toggle";
  /** As it is after the event. */
  instance: Instance;
  /** Of `failed`: a code of the error table. */
  error?: string;
}

/** As `EventStream`; the data of each event is an `InstanceEvent`. */
export type CloudEventStream = string;

export type ReportStatus = "pending" | "queued" | "processing" | "canceled" | "failed" | "completed";

export interface ReportMove {
  status: ReportStatus;
  at: Time;
  /** The user, `kafka`, or empty for what another program wrote. */
  by: string;
  /** The door; empty for what another program wrote. */
  via: "api" | "v4" | "kafka" | "";
  attempt: number;
}

export interface Report {
  id: Uuid;
  userId: Uuid;
  status: ReportStatus;
  /** Grows by one with each return to `pending`. */
  attempt: number;
  /** Grows by one with every move; of two pictures of a report the higher one counts. */
  version: number;
  createdAt: Time;
  updatedAt: Time;
  /** The moves that it may make now. */
  allowed: ReportStatus[];
  /** Oldest first; the first is the creation. */
  history: ReportMove[];
}

export interface ReportWish {
  status: ReportStatus;
}

/** `event:` of what tells of reports. */
export type ReportEventType = "report_created" | "report_status_update";

/** The report as it is after the event, with its newest move. */
export interface ReportEvent {
  id: Uuid;
  userId: Uuid;
  status: ReportStatus;
  /** Grows by one with each return to `pending`. */
  attempt: number;
  /** Grows by one with every move; of two pictures of a report the higher one counts. */
  version: number;
  createdAt: Time;
  updatedAt: Time;
  /** The moves that it may make now. */
  allowed: ReportStatus[];
  move: ReportMove;
}

/** As `EventStream`; the data of each event is a `ReportEvent`. */
export type ReportEventStream = string;

export interface User {
  id: Uuid;
  name: string;
}

export interface Members {
  room: RoomName;
  members: User[];
  /** Only where there are more: the `after` of the next page. */
  next?: number;
}

export interface Message {
  offset: Offset;
  time: Time;
  user: Author;
  text: string;
  /** Nobody vouches for the author: the name is what a relay client said. */
  unverified?: true;
  /** What its sender called it. */
  clientId?: string;
}

/** Who wrote through the relay need not be anybody the server knows: the id is then empty. */
export interface Author {
  id: string;
  name: string;
}

export interface Messages {
  room: RoomName;
  messages: Message[];
  /** There are older ones. */
  more: boolean;
}

export interface NameVerdict {
  name: string;
  verdict: "free" | "taken" | "invalid" | "reserved" | "confusable";
  suggestion?: string;
}

export type ChatRequest =
  | { type: "register"; name: string }
  | { type: "rejoin"; token: Token; cursor?: Cursor }
  | {
      type: "send";
      /** The client's own name of it. */
      id: string;
      text: string;
    }
  | { type: "typing" }
  | { type: "history"; before?: number; limit?: number }
  | { type: "leave" }
  | { type: "ping" };

export type ChatReply =
  | {
      type: "registered";
      room: RoomName;
      user: User;
      /** Only after `register`. */
      token?: Token;
    }
  | {
      type: "snapshot";
      cursor: Cursor;
      members: User[];
      messages: Message[];
      more: boolean;
      /** The list of the members goes on: `GET /api/chat/rooms/{room}/members` has all of them. */
      moreMembers?: true;
    }
  | { type: "resumed" }
  | {
      type: "refused";
      /**
       * `name_taken`, `name_invalid`, `name_reserved`, `name_confusable`, `unknown_token`, `limit_reached`, or what a
       * server in trouble says.
       */
      code: string;
      name?: string;
      suggestion?: string;
    }
  | {
      type: "ack";
      /** The client's own name of it. */
      id: string;
      offset: Offset;
      epoch: Epoch;
      time: Time;
    }
  | {
      type: "message";
      cursor: Cursor;
      offset: Offset;
      time: Time;
      user: Author;
      text: string;
      /** Nobody vouches for the author: the name is what a relay client said. */
      unverified?: true;
      /** What its sender called it. */
      clientId?: string;
    }
  | { type: "join"; cursor: Cursor; user: User }
  | { type: "leave"; cursor: Cursor; user: User }
  | { type: "typing"; cursor: Cursor; user: User }
  | { type: "history"; before?: number; messages: Message[]; more: boolean }
  | { type: "left" }
  | { type: "pong"; time: Time }
  | { type: "reset"; cursor: Cursor }
  | { type: "error"; code: string; id?: string; title: string };

/** A secret. */
export type Token = string;

/** The JSON of each answer that is no refusal. */
export interface Answers {
  /** GET /api/topics */
  listTopics: TopicList;
  /** GET /api/topics/{topic}/events */
  readEvents: History;
  /** POST /api/topics/{topic}/events */
  publishEvent: Receipt;
  /** GET /api/topics/{topic}/presence */
  listReaders: Presence;
  /** GET /api/cloud/instances */
  listInstances: Instance[];
  /** POST /api/cloud/instances */
  createInstance: AcceptedOperation;
  /** GET /api/cloud/instances/{id} */
  showInstance: Instance;
  /** PATCH /api/cloud/instances/{id} */
  changeInstance: AcceptedOperation;
  /** DELETE /api/cloud/instances/{id} */
  removeInstance: AcceptedOperation;
  /** GET /api/reports */
  listReports: Report[];
  /** POST /api/reports */
  createReport: Report;
  /** GET /api/reports/{id} */
  showReport: Report;
  /** PATCH /api/reports/{id} */
  moveReport: Report;
  /** GET /api/chat/rooms/{room}/members */
  listMembers: Members;
  /** GET /api/chat/rooms/{room}/messages */
  listMessages: Messages;
  /** GET /api/chat/rooms/{room}/names/{name} */
  judgeName: NameVerdict;
  /** POST /api/inbox/{user}/messages */
  sendMessage: MessageReceipt;
  /** GET /api/stats */
  showStats: Stats;
  /** GET /api/openapi.json */
  showDocument: Record<string, unknown>;
}
