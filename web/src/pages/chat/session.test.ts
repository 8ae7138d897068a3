// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from "vitest";
import type { NameRefusal } from "./protocol";
import { anna, ivan, SessionRig, wireMessage } from "./sessionRigForTest";

let rig: SessionRig;
beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
  rig = new SessionRig();
});
const offsets = () => rig.state.room.messages.map(({ offset }) => offset);
const items = () => rig.outbox.items.map(({ id, state }) => [id, state]);

describe("getting in", () => {
  it("asks for a name first and connects when there is one", () => {
    rig.session.resume();
    expect([rig.state.phase, rig.running]).toEqual(["nameless", false]);
    rig.session.enter("Anna");
    expect([rig.state.phase, rig.running]).toEqual(["entering", true]);
    rig.open();
    expect(rig.heardFromIt()).toEqual([{ type: "register", name: "Anna" }]);
  });
  it("shows the room and keeps the token for a reload", () => {
    rig.enter([wireMessage(1)]);
    expect(rig.state).toMatchObject({ phase: "inside", me: anna });
    expect(offsets()).toEqual([1]);
    expect(rig.memory.membership).toEqual({ name: "Anna", token: "token of 1", ids: ["1"] });
  });
  it.each<NameRefusal | "limit_reached">([
    "name_taken",
    "name_invalid",
    "name_reserved",
    "name_confusable",
    "limit_reached",
  ])("asks for another name after %s, with what the server suggests", (code) => {
    rig.session.enter("Petr");
    rig.open();
    rig.hear({ type: "refused", code, name: "Petr", suggestion: "Petr 2" });
    expect(rig.state).toMatchObject({ phase: "nameless", refusal: { code, name: "Petr", suggestion: "Petr 2" } });
    expect([rig.running, rig.memory.membership]).toEqual([false, null]);
  });
  it("asks again when the server fails, and says why", () => {
    rig.session.enter("Petr");
    rig.open();
    rig.hear({ type: "error", code: "storage_failed", title: "..." });
    expect(rig.state).toMatchObject({ phase: "nameless", refusal: { code: "storage_failed", name: "Petr" } });
  });
  it("asks again when the server refuses to talk at all, and says why", () => {
    rig.session.enter("Petr");
    rig.session.blocked("origin_refused");
    expect(rig.state).toMatchObject({ phase: "nameless", refusal: { code: "origin_refused", name: "Petr" } });
    expect(rig.running).toBe(false);
  });
  it("stays in the room behind a banner when the server refuses later", () => {
    rig.enter();
    rig.session.blocked("origin_refused");
    expect(rig.state).toMatchObject({ phase: "inside", refusal: null });
  });
  it("hands on what the server's clock says with every pong", () => {
    rig.enter();
    rig.hear({ type: "pong", time: "2026-11-21T10:00:00.250Z" });
    expect(rig.serverTimes).toEqual([Date.UTC(2026, 10, 21, 10, 0, 0, 250)]);
  });
  it("is not put out by the answer to a ping that came before the name", () => {
    rig.session.enter("Anna");
    rig.open();
    rig.hear({ type: "error", code: "not_registered", title: "..." });
    expect(rig.state.phase).toBe("entering");
  });
  it("registers under the chosen name once the server is there, however often the connection fails", () => {
    rig.session.enter("Anna");
    rig.open();
    rig.drop();
    rig.heardFromIt();
    rig.open();
    expect(rig.heardFromIt()).toEqual([{ type: "register", name: "Anna" }]);
  });
  it("adds the members of a large room, but for those who left meanwhile", async () => {
    rig.session.enter("Anna");
    rig.open();
    rig.members.push(anna, ivan, { id: "3", name: "Petr" }, { id: "4", name: "Olga" });
    rig.hear(
      { type: "registered", room: "lobby", user: anna, token: "t" },
      { type: "snapshot", cursor: "e.1.v.1", members: [anna], messages: [], more: false, moreMembers: true },
      { type: "leave", cursor: "e.2.v.1", user: ivan },
    );
    await Promise.resolve();
    await Promise.resolve();
    rig.pass(50);
    expect([...rig.state.room.members.keys()]).toEqual(["1", "3", "4"]);
  });
});

describe("coming back", () => {
  it("after a reload rejoins with the token, without a question", () => {
    rig.enter();
    const reloaded = new SessionRig();
    expect(reloaded.state.phase).toBe("returning");
    reloaded.session.resume();
    reloaded.open();
    expect(reloaded.heardFromIt()).toEqual([{ type: "rejoin", token: "token of 1" }]);
    reloaded.hear({ type: "registered", room: "lobby", user: anna });
    expect([reloaded.memory.membership?.token, reloaded.state.me]).toEqual(["token of 1", anna]);
  });
  it("after a drop goes on from the last cursor, and tells how much was missed", () => {
    rig.enter([wireMessage(1)]);
    rig.hear({ type: "message", cursor: "e.7.v.1", ...wireMessage(2) });
    rig.drop();
    rig.now = 100_000;
    rig.open();
    expect(rig.heardFromIt()).toEqual([{ type: "rejoin", token: "token of 1", cursor: "e.7.v.1" }]);
    rig.hear(
      { type: "registered", room: "lobby", user: anna },
      { type: "resumed" },
      { type: "message", cursor: "e.8.v.1", ...wireMessage(3) },
      { type: "message", cursor: "e.9.v.1", ...wireMessage(4) },
      { type: "message", cursor: "e.10.v.1", ...wireMessage(200) },
    );
    rig.pass(1000);
    expect(offsets()).toEqual([1, 2, 3, 4, 200]);
    expect(rig.recovered).toEqual([
      [0, true],
      [2, true],
    ]);
  });
  it("takes a snapshot that meets what was read as the rest of it", () => {
    rig.enter([wireMessage(1)]);
    rig.drop();
    rig.open();
    rig.letIn("e.9.v.1", [wireMessage(1), wireMessage(2)]);
    expect(offsets()).toEqual([1, 2]);
    expect([rig.recovered.at(-1), rig.state.reading.unread]).toEqual([[1, true], 1]);
  });
  it("says that something is missing when the snapshot comes behind a gap", () => {
    rig.enter([wireMessage(1)]);
    rig.drop();
    rig.open();
    rig.letIn("e.90.v.1", [wireMessage(60), wireMessage(61)], true);
    expect(offsets()).toEqual([60, 61]);
    expect(rig.recovered.at(-1)).toEqual([2, false]);
  });
  it("rejoins without a cursor that the server can't read", () => {
    rig.enter();
    rig.drop();
    rig.open();
    rig.heardFromIt();
    rig.hear({ type: "error", code: "invalid_cursor", title: "..." });
    expect(rig.heardFromIt()).toEqual([{ type: "rejoin", token: "token of 1" }]);
  });
  it("registers the same name anew when a restarted server does not know the token", () => {
    rig.enter([wireMessage(9, { user: anna })]);
    rig.drop();
    rig.open();
    rig.heardFromIt();
    rig.hear({ type: "refused", code: "unknown_token" });
    expect(rig.heardFromIt()).toEqual([{ type: "register", name: "Anna" }]);
    rig.letIn("other.1.v.1", [wireMessage(1, { user: anna })], false, { id: "7", name: "Anna" });
    expect(rig.state).toMatchObject({ phase: "inside", me: { id: "7" } });
    expect([offsets(), [...rig.state.ids]]).toEqual([[1], ["1", "7"]]);
    expect(rig.memory.membership).toEqual({ name: "Anna", token: "token of 7", ids: ["1", "7"] });
  });
  it("asks for another name when the own one was taken meanwhile; the room and what was written stay", () => {
    rig.enter([wireMessage(1)]);
    rig.drop();
    rig.session.send("hello");
    rig.open();
    rig.hear({ type: "refused", code: "unknown_token" });
    rig.hear({ type: "refused", code: "name_taken", name: "Anna", suggestion: "Anna 2" });
    expect(rig.state).toMatchObject({ phase: "nameless", refusal: { suggestion: "Anna 2" } });
    expect([offsets(), items()]).toEqual([[1], [["c-1", "waiting"]]]);
    rig.session.enter("Anna 2");
    rig.open();
    rig.heardFromIt();
    rig.hear(
      { type: "registered", room: "lobby", user: { id: "8", name: "Anna 2" }, token: "t" },
      { type: "snapshot", cursor: "e.9.v.1", members: [], messages: [wireMessage(1)], more: false },
    );
    expect(rig.heardFromIt()).toEqual([{ type: "send", id: "c-1", text: "hello" }]);
  });
  it("starts anew without a cursor when the server says reset", () => {
    rig.enter();
    rig.hear({ type: "reset", cursor: "e.9.v.1" });
    expect(rig.reopened).toBe(1);
    rig.open();
    expect(rig.heardFromIt()).toEqual([{ type: "rejoin", token: "token of 1" }]);
  });
  it("asks for a name after leaving, here or in another tab", () => {
    rig.enter();
    rig.session.leave();
    expect(rig.heardFromIt()).toEqual([{ type: "leave" }]);
    rig.hear({ type: "left" });
    expect([rig.state.phase, rig.running, rig.memory.membership?.token]).toEqual(["nameless", false, null]);
  });
  it("does not bring one back by itself who has left", () => {
    rig.enter();
    rig.session.leave();
    rig.hear({ type: "left" });
    expect(new SessionRig().state).toMatchObject({ phase: "nameless", ids: new Set(["1"]) });
  });
  it("takes another name instead of the membership that could not be had", () => {
    rig.enter();
    const reloaded = new SessionRig();
    reloaded.session.resume();
    reloaded.open();
    reloaded.hear({ type: "error", code: "storage_failed", title: "..." });
    reloaded.heardFromIt();
    reloaded.session.enter("Olga");
    reloaded.open();
    expect(reloaded.heardFromIt()).toEqual([{ type: "register", name: "Olga" }]);
  });
  it("lets one leave without a connection, too", () => {
    rig.enter();
    rig.drop();
    rig.session.leave();
    expect(rig.state.phase).toBe("nameless");
  });
});

describe("writing", () => {
  beforeEach(() => rig.enter([wireMessage(1)]));

  it("puts the confirmed message in the place of the pending one, and knows how long it took", () => {
    rig.session.send("hello");
    expect(rig.heardFromIt()).toEqual([{ type: "send", id: "c-1", text: "hello" }]);
    rig.pass(42);
    rig.hear({ type: "message", cursor: "e.2.v.1", ...wireMessage(2, { user: anna, text: "hello", clientId: "c-1" }) });
    rig.pass(5);
    rig.hear({ type: "ack", id: "c-1", offset: 2, epoch: "e", time: "2026-11-21T12:00:00.000Z" });
    expect([items(), offsets()]).toEqual([[], [1, 2]]);
    expect(rig.state.room.messages[1]).toMatchObject({ text: "hello", sentHere: true, took: 42 });
  });
  it("shows it as stored when the answer comes before the message", () => {
    rig.session.send("hello");
    rig.hear({ type: "ack", id: "c-1", offset: 3, epoch: "e", time: "2026-11-21T12:00:00.000Z" });
    expect([items(), offsets(), rig.state.room.ahead]).toMatchObject([[], [1], [{ offset: 3, sentHere: true }]]);
    rig.hear({ type: "message", cursor: "e.2.v.1", ...wireMessage(2) });
    rig.hear({ type: "message", cursor: "e.3.v.1", ...wireMessage(3, { user: anna, text: "hello", clientId: "c-1" }) });
    expect([offsets(), rig.state.room.ahead]).toEqual([[1, 2, 3], []]);
  });
  it("keeps a pending message through a snapshot that does not have it, and sends it again with its id", () => {
    rig.session.send("hello");
    rig.drop();
    rig.open();
    rig.heardFromIt();
    rig.hear({ type: "registered", room: "lobby", user: anna });
    rig.hear({ type: "snapshot", cursor: "e.5.v.1", members: [anna], messages: [wireMessage(1)], more: false });
    expect(rig.heardFromIt()).toEqual([{ type: "send", id: "c-1", text: "hello" }]);
    expect(items()).toEqual([["c-1", "sending"]]);
  });
  it("does not send again what the snapshot shows to have arrived", () => {
    rig.session.send("hello");
    rig.drop();
    rig.open();
    rig.letIn("e.5.v.1", [wireMessage(1), wireMessage(2, { user: anna, text: "hello", clientId: "c-1" })]);
    expect([items(), rig.heardFromIt(), offsets()]).toEqual([[], [], [1, 2]]);
  });
  it("does not take another person's message with a copied id for its own", () => {
    rig.session.send("hello");
    rig.hear({ type: "message", cursor: "e.2.v.1", ...wireMessage(2, { clientId: "c-1" }) });
    expect([items(), rig.state.room.messages[1]?.sentHere]).toEqual([[["c-1", "sending"]], undefined]);
  });
  it("marks what the server refuses, with the reason", () => {
    rig.session.send("hello");
    rig.hear({ type: "error", code: "message_too_big", id: "c-1", title: "..." });
    expect(rig.outbox.items).toMatchObject([{ state: "failed", error: "message_too_big" }]);
  });
  it("keeps what is written without a connection, and sends it when that is back", () => {
    rig.drop();
    rig.session.send("hello");
    expect([items(), rig.heardFromIt()]).toEqual([[["c-1", "waiting"]], []]);
    rig.open();
    rig.heardFromIt();
    rig.hear({ type: "registered", room: "lobby", user: anna }, { type: "resumed" });
    expect(rig.heardFromIt()).toEqual([{ type: "send", id: "c-1", text: "hello" }]);
  });
  it("tells that one is typing at most every three seconds, and at once again after sending", () => {
    rig.session.typing();
    rig.pass(2999);
    rig.session.typing();
    expect(rig.heardFromIt()).toEqual([{ type: "typing" }]);
    rig.pass(1);
    rig.session.typing();
    rig.session.send("hello");
    rig.session.typing();
    expect(rig.heardFromIt().map(({ type }) => type)).toEqual(["typing", "send", "typing"]);
  });
});

describe("reading", () => {
  it("loads older messages once at a time, until there are none", () => {
    rig.enter([wireMessage(11), wireMessage(12)], true);
    rig.session.loadOlder();
    rig.session.loadOlder();
    expect(rig.heardFromIt()).toEqual([{ type: "history", before: 11, limit: 50 }]);
    rig.hear({ type: "history", before: 11, messages: [wireMessage(9), wireMessage(10)], more: false });
    expect([offsets(), rig.state.loadingOlder]).toEqual([[9, 10, 11, 12], false]);
    rig.session.loadOlder();
    expect(rig.heardFromIt()).toEqual([]);
  });
  it("does not ask for older messages again at once after a refusal, but does so later", () => {
    rig.enter([wireMessage(11)], true);
    rig.session.loadOlder();
    rig.hear({ type: "error", code: "rate_limited", title: "..." });
    expect(rig.state.loadingOlder).toBe(true);
    rig.pass(2000);
    expect(rig.state.loadingOlder).toBe(false);
  });
  it("tells whether it can ask: from being let in to the drop, and again", () => {
    rig.enter();
    expect(rig.state.joined).toBe(true);
    rig.drop();
    expect([rig.state.phase, rig.state.joined]).toEqual(["inside", false]);
    rig.open();
    rig.letIn("e.2.v.1");
    expect(rig.state.joined).toBe(true);
  });
  it("can load older messages after a drop in the middle of it", () => {
    rig.enter([wireMessage(11)], true);
    rig.session.loadOlder();
    rig.drop();
    expect(rig.state.loadingOlder).toBe(false);
  });
  it("counts and tells what others write while nobody watches", () => {
    const told: string[] = [];
    rig.enter([wireMessage(1)]);
    rig.session.feed.listen((messages) => told.push(...messages.map(({ text }) => text)));
    rig.hear(
      { type: "message", cursor: "e.2.v.1", ...wireMessage(2) },
      { type: "message", cursor: "e.3.v.1", ...wireMessage(3, { user: anna }) },
    );
    expect([rig.state.reading.unread, told]).toEqual([1, ["text 2"]]);
    rig.session.watch(true);
    expect(rig.state.reading.unread).toBe(0);
  });
  it("shows for five seconds who is typing, but not oneself", () => {
    rig.enter();
    rig.hear({ type: "typing", cursor: "e.1.v.2", user: anna }, { type: "typing", cursor: "e.1.v.3", user: ivan });
    expect([...rig.state.room.typing.keys()]).toEqual(["2"]);
    rig.pass(4999);
    expect(rig.state.room.typing.size).toBe(1);
    rig.pass(1);
    expect(rig.state.room.typing.size).toBe(0);
  });
  it("passes over what it does not understand", () => {
    rig.enter([wireMessage(1)]);
    rig.session.heard("not json");
    rig.session.heard('{"type":"something new"}');
    rig.session.heard("[]");
    expect(offsets()).toEqual([1]);
  });
});
