// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from "vitest";
import { safeStorage } from "#/settings/storage";
import type { NameRefusal } from "./protocol";
import { anna, ivan, SessionRig, snapshotOf, wireMessage } from "./sessionRigForTest";

let rig: SessionRig;
beforeEach(() => {
  sessionStorage.clear();
  localStorage.clear();
  rig = new SessionRig();
});
function otherTab(): SessionRig {
  const storage = new Storage();
  return new SessionRig(safeStorage(() => storage));
}
const offsets = () => rig.state.room.messages.map(({ offset }) => offset);
const items = () => rig.outbox.items.map(({ id, state }) => [id, state]);

describe("getting in", () => {
  it("asks for a name first and connects when there is one", () => {
    rig.session.resume();
    expect([rig.state.phase, rig.running]).toEqual(["unregistered", false]);
    rig.session.join("Anna");
    expect([rig.state.phase, rig.running]).toEqual(["registering", true]);
    rig.open();
    expect(rig.takeSent()).toEqual([{ type: "register", name: "Anna" }]);
  });
  it("shows the room and keeps the token for a reload", () => {
    rig.join([wireMessage(1)]);
    expect(rig.state).toMatchObject({ phase: "registered", me: anna });
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
    rig.session.join("Petr");
    rig.open();
    rig.receive({ type: "refused", code, name: "Petr", suggestion: "Petr 2" });
    expect(rig.state).toMatchObject({ phase: "unregistered", refusal: { code, name: "Petr", suggestion: "Petr 2" } });
    expect([rig.running, rig.memory.membership]).toEqual([false, null]);
  });
  it("asks again when the server fails, and says why", () => {
    rig.session.join("Petr");
    rig.open();
    rig.receive({ type: "error", code: "storage_failed", title: "..." });
    expect(rig.state).toMatchObject({ phase: "unregistered", refusal: { code: "storage_failed", name: "Petr" } });
  });
  it("asks for a name again when the server refuses the connection, with the reason", () => {
    rig.session.join("Petr");
    rig.session.blocked("origin_refused");
    expect(rig.state).toMatchObject({ phase: "unregistered", refusal: { code: "origin_refused", name: "Petr" } });
    expect(rig.running).toBe(false);
  });
  it("stays in the room with a banner when the server refuses later", () => {
    rig.join();
    rig.session.blocked("origin_refused");
    expect(rig.state).toMatchObject({ phase: "registered", refusal: null });
  });
  it("hands on what the server's clock says with every pong", () => {
    rig.join();
    rig.receive({ type: "pong", time: "2026-11-21T10:00:00.250Z" });
    expect(rig.serverTimes).toEqual([Date.UTC(2026, 10, 21, 10, 0, 0, 250)]);
  });
  it("is not put out by the answer to a ping that came before the name", () => {
    rig.session.join("Anna");
    rig.open();
    rig.receive({ type: "error", code: "not_registered", title: "..." });
    expect(rig.state.phase).toBe("registering");
  });
  it("registers under the chosen name once the server is there, however often the connection fails", () => {
    rig.session.join("Anna");
    rig.open();
    rig.drop();
    rig.takeSent();
    rig.open();
    expect(rig.takeSent()).toEqual([{ type: "register", name: "Anna" }]);
  });
  it("comes in as the member that another tab of the browser is", () => {
    rig.join();
    const other = otherTab();
    other.session.join("anna");
    other.open();
    expect(other.takeSent()).toEqual([{ type: "rejoin", token: "token of 1" }]);
    other.receive({ type: "registered", room: "lobby", user: anna }, snapshotOf(anna));
    expect(other.state).toMatchObject({ phase: "registered", me: anna, ids: new Set(["1"]) });
    expect(other.memory.membership?.token).toBe("token of 1");
  });
  it("comes in as any member that the browser is, not only the last one", () => {
    rig.join();
    const second = otherTab();
    second.session.join("Ivan");
    second.open();
    second.receive({ type: "registered", room: "lobby", user: ivan, token: "token of 2" }, snapshotOf(ivan));
    const third = otherTab();
    third.session.join("anna");
    third.open();
    expect(third.takeSent()).toEqual([{ type: "rejoin", token: "token of 1" }]);
    expect(third.memory.membershipByName("Ivan")?.token).toBe("token of 2");
    expect(third.memory.lastName).toBe("Anna");
  });
  it("keeps the newest members of the browser, and no more than some", () => {
    for (let n = 1; n <= 12; ++n) {
      rig.memory.membership = { name: `Name ${n}`, token: `token of ${n}`, ids: [] };
    }
    expect(rig.memory.membershipByName("name 12")?.token).toBe("token of 12");
    expect(rig.memory.membershipByName("Name 3")?.token).toBe("token of 3");
    expect(rig.memory.membershipByName("Name 2")).toBeNull();
  });
  it("registers where the member of the other tab has left meanwhile", () => {
    rig.join();
    const other = otherTab();
    other.session.join("Anna");
    other.open();
    other.takeSent();
    other.receive({ type: "refused", code: "unknown_token" });
    expect(other.takeSent()).toEqual([{ type: "register", name: "Anna" }]);
    other.receive({ type: "refused", code: "name_taken", name: "Anna", suggestion: "Anna 2" });
    expect(other.memory.membershipByName("Anna")).toBeNull();
  });
  it("does not offer to other tabs what was left", () => {
    rig.join();
    expect(rig.memory.membershipByName("Anna")?.token).toBe("token of 1");
    rig.session.leave();
    rig.receive({ type: "left" });
    expect(rig.memory.membershipByName("Anna")).toBeNull();
    expect(rig.memory.lastName).toBe("Anna");
  });
  it("adds the members of a large room, but for those who left meanwhile", async () => {
    rig.session.join("Anna");
    rig.open();
    rig.members.push(anna, ivan, { id: "3", name: "Petr" }, { id: "4", name: "Olga" });
    rig.receive(
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
    rig.join();
    const reloaded = new SessionRig();
    expect(reloaded.state.phase).toBe("rejoining");
    reloaded.session.resume();
    reloaded.open();
    expect(reloaded.takeSent()).toEqual([{ type: "rejoin", token: "token of 1" }]);
    reloaded.receive({ type: "registered", room: "lobby", user: anna });
    expect([reloaded.memory.membership?.token, reloaded.state.me]).toEqual(["token of 1", anna]);
  });
  it("after an outage resumes from the last cursor, and reports how much was missed", () => {
    rig.join([wireMessage(1)]);
    rig.receive({ type: "message", cursor: "e.7.v.1", ...wireMessage(2) });
    rig.drop();
    rig.now = 100_000;
    rig.open();
    expect(rig.takeSent()).toEqual([{ type: "rejoin", token: "token of 1", cursor: "e.7.v.1" }]);
    rig.receive(
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
    rig.join([wireMessage(1)]);
    rig.drop();
    rig.open();
    rig.admit("e.9.v.1", [wireMessage(1), wireMessage(2)]);
    expect(offsets()).toEqual([1, 2]);
    expect([rig.recovered.at(-1), rig.state.reading.unread]).toEqual([[1, true], 1]);
  });
  it("reports a gap when the snapshot does not join on", () => {
    rig.join([wireMessage(1)]);
    rig.drop();
    rig.open();
    rig.admit("e.90.v.1", [wireMessage(60), wireMessage(61)], true);
    expect(offsets()).toEqual([60, 61]);
    expect(rig.recovered.at(-1)).toEqual([2, false]);
  });
  it("rejoins without a cursor that the server can't read", () => {
    rig.join();
    rig.drop();
    rig.open();
    rig.takeSent();
    rig.receive({ type: "error", code: "invalid_cursor", title: "..." });
    expect(rig.takeSent()).toEqual([{ type: "rejoin", token: "token of 1" }]);
  });
  it("registers the same name again when a restarted server does not know the token", () => {
    rig.join([wireMessage(9, { user: anna })]);
    rig.drop();
    rig.open();
    rig.takeSent();
    rig.receive({ type: "refused", code: "unknown_token" });
    expect(rig.takeSent()).toEqual([{ type: "register", name: "Anna" }]);
    rig.admit("other.1.v.1", [wireMessage(1, { user: anna })], false, { id: "7", name: "Anna" });
    expect(rig.state).toMatchObject({ phase: "registered", me: { id: "7" } });
    expect([offsets(), [...rig.state.ids]]).toEqual([[1], ["1", "7"]]);
    expect(rig.memory.membership).toEqual({ name: "Anna", token: "token of 7", ids: ["1", "7"] });
  });
  it("asks for another name when the own one was taken meanwhile; the room and what was written stay", () => {
    rig.join([wireMessage(1)]);
    rig.drop();
    rig.session.send("hello");
    rig.open();
    rig.receive({ type: "refused", code: "unknown_token" });
    rig.receive({ type: "refused", code: "name_taken", name: "Anna", suggestion: "Anna 2" });
    expect(rig.state).toMatchObject({ phase: "unregistered", refusal: { suggestion: "Anna 2" } });
    expect([offsets(), items()]).toEqual([[1], [["c-1", "waiting"]]]);
    rig.session.join("Anna 2");
    rig.open();
    rig.takeSent();
    rig.receive(
      { type: "registered", room: "lobby", user: { id: "8", name: "Anna 2" }, token: "t" },
      { type: "snapshot", cursor: "e.9.v.1", members: [], messages: [wireMessage(1)], more: false },
    );
    expect(rig.takeSent()).toEqual([{ type: "send", id: "c-1", text: "hello" }]);
  });
  it("rejoins without a cursor after a reset", () => {
    rig.join();
    rig.receive({ type: "reset", cursor: "e.9.v.1" });
    expect(rig.reopened).toBe(1);
    rig.open();
    expect(rig.takeSent()).toEqual([{ type: "rejoin", token: "token of 1" }]);
  });
  it("asks for a name after leaving, here or in another tab", () => {
    rig.join();
    rig.session.leave();
    expect(rig.takeSent()).toEqual([{ type: "leave" }]);
    rig.receive({ type: "left" });
    expect([rig.state.phase, rig.running, rig.memory.membership?.token]).toEqual(["unregistered", false, null]);
  });
  it("does not bring one back by itself who has left", () => {
    rig.join();
    rig.session.leave();
    rig.receive({ type: "left" });
    expect(new SessionRig().state).toMatchObject({ phase: "unregistered", ids: new Set(["1"]) });
  });
  it("takes another name instead of the membership that could not be had", () => {
    rig.join();
    const reloaded = new SessionRig();
    reloaded.session.resume();
    reloaded.open();
    reloaded.receive({ type: "error", code: "storage_failed", title: "..." });
    reloaded.takeSent();
    reloaded.session.join("Olga");
    reloaded.open();
    expect(reloaded.takeSent()).toEqual([{ type: "register", name: "Olga" }]);
  });
  it("lets one leave without a connection, too", () => {
    rig.join();
    rig.drop();
    rig.session.leave();
    expect(rig.state.phase).toBe("unregistered");
  });
});

describe("writing", () => {
  beforeEach(() => rig.join([wireMessage(1)]));

  it("puts the confirmed message in the place of the pending one, and knows how long it took", () => {
    rig.session.send("hello");
    expect(rig.takeSent()).toEqual([{ type: "send", id: "c-1", text: "hello" }]);
    rig.pass(42);
    rig.receive({
      type: "message",
      cursor: "e.2.v.1",
      ...wireMessage(2, { user: anna, text: "hello", clientId: "c-1" }),
    });
    rig.pass(5);
    rig.receive({ type: "ack", id: "c-1", offset: 2, epoch: "e", time: "2026-11-21T12:00:00.000Z" });
    expect([items(), offsets()]).toEqual([[], [1, 2]]);
    expect(rig.state.room.messages[1]).toMatchObject({ text: "hello", sentHere: true, took: 42 });
  });
  it("shows it as stored when the answer comes before the message", () => {
    rig.session.send("hello");
    rig.receive({ type: "ack", id: "c-1", offset: 3, epoch: "e", time: "2026-11-21T12:00:00.000Z" });
    expect([items(), offsets(), rig.state.room.ahead]).toMatchObject([[], [1], [{ offset: 3, sentHere: true }]]);
    rig.receive({ type: "message", cursor: "e.2.v.1", ...wireMessage(2) });
    rig.receive({
      type: "message",
      cursor: "e.3.v.1",
      ...wireMessage(3, { user: anna, text: "hello", clientId: "c-1" }),
    });
    expect([offsets(), rig.state.room.ahead]).toEqual([[1, 2, 3], []]);
  });
  it("keeps a pending message through a snapshot that does not have it, and sends it again with its id", () => {
    rig.session.send("hello");
    rig.drop();
    rig.open();
    rig.takeSent();
    rig.receive({ type: "registered", room: "lobby", user: anna });
    rig.receive({ type: "snapshot", cursor: "e.5.v.1", members: [anna], messages: [wireMessage(1)], more: false });
    expect(rig.takeSent()).toEqual([{ type: "send", id: "c-1", text: "hello" }]);
    expect(items()).toEqual([["c-1", "sending"]]);
  });
  it("does not send again what the snapshot shows to have arrived", () => {
    rig.session.send("hello");
    rig.drop();
    rig.open();
    rig.admit("e.5.v.1", [wireMessage(1), wireMessage(2, { user: anna, text: "hello", clientId: "c-1" })]);
    expect([items(), rig.takeSent(), offsets()]).toEqual([[], [], [1, 2]]);
  });
  it("does not take another user's message with a copied id for its own", () => {
    rig.session.send("hello");
    rig.receive({ type: "message", cursor: "e.2.v.1", ...wireMessage(2, { clientId: "c-1" }) });
    expect([items(), rig.state.room.messages[1]?.sentHere]).toEqual([[["c-1", "sending"]], undefined]);
  });
  it("marks what the server refuses, with the reason", () => {
    rig.session.send("hello");
    rig.receive({ type: "error", code: "message_too_big", id: "c-1", title: "..." });
    expect(rig.outbox.items).toMatchObject([{ state: "failed", error: "message_too_big" }]);
  });
  it("keeps what is written without a connection, and sends it when that is back", () => {
    rig.drop();
    rig.session.send("hello");
    expect([items(), rig.takeSent()]).toEqual([[["c-1", "waiting"]], []]);
    rig.open();
    rig.takeSent();
    rig.receive({ type: "registered", room: "lobby", user: anna }, { type: "resumed" });
    expect(rig.takeSent()).toEqual([{ type: "send", id: "c-1", text: "hello" }]);
  });
  it("sends typing at most every three seconds, and at once again after sending", () => {
    rig.session.typing();
    rig.pass(2999);
    rig.session.typing();
    expect(rig.takeSent()).toEqual([{ type: "typing" }]);
    rig.pass(1);
    rig.session.typing();
    rig.session.send("hello");
    rig.session.typing();
    expect(rig.takeSent().map(({ type }) => type)).toEqual(["typing", "send", "typing"]);
  });
});

describe("reading", () => {
  it("loads older messages once at a time, until there are none", () => {
    rig.join([wireMessage(11), wireMessage(12)], true);
    rig.session.loadOlder();
    rig.session.loadOlder();
    expect(rig.takeSent()).toEqual([{ type: "history", before: 11, limit: 50 }]);
    rig.receive({ type: "history", before: 11, messages: [wireMessage(9), wireMessage(10)], more: false });
    expect([offsets(), rig.state.loadingOlder]).toEqual([[9, 10, 11, 12], false]);
    rig.session.loadOlder();
    expect(rig.takeSent()).toEqual([]);
  });
  it("does not ask for older messages again at once after a refusal, but does so later", () => {
    rig.join([wireMessage(11)], true);
    rig.session.loadOlder();
    rig.receive({ type: "error", code: "rate_limited", title: "..." });
    expect(rig.state.loadingOlder).toBe(true);
    rig.pass(2000);
    expect(rig.state.loadingOlder).toBe(false);
  });
  it("is connected from the registration to the loss of the connection, and again after it", () => {
    rig.join();
    expect(rig.state.connected).toBe(true);
    rig.drop();
    expect([rig.state.phase, rig.state.connected]).toEqual(["registered", false]);
    rig.open();
    rig.admit("e.2.v.1");
    expect(rig.state.connected).toBe(true);
  });
  it("can load older messages after a drop in the middle of it", () => {
    rig.join([wireMessage(11)], true);
    rig.session.loadOlder();
    rig.drop();
    expect(rig.state.loadingOlder).toBe(false);
  });
  it("counts and announces what others write while the page is not watched", () => {
    const told: string[] = [];
    rig.join([wireMessage(1)]);
    rig.session.feed.subscribe((messages) => told.push(...messages.map(({ text }) => text)));
    rig.receive(
      { type: "message", cursor: "e.2.v.1", ...wireMessage(2) },
      { type: "message", cursor: "e.3.v.1", ...wireMessage(3, { user: anna }) },
    );
    expect([rig.state.reading.unread, told]).toEqual([1, ["text 2"]]);
    rig.session.setWatching(true);
    expect(rig.state.reading.unread).toBe(0);
  });
  it("shows for five seconds who is typing, but not oneself", () => {
    rig.join();
    rig.receive({ type: "typing", cursor: "e.1.v.2", user: anna }, { type: "typing", cursor: "e.1.v.3", user: ivan });
    expect([...rig.state.room.typing.keys()]).toEqual(["2"]);
    rig.pass(4999);
    expect(rig.state.room.typing.size).toBe(1);
    rig.pass(1);
    expect(rig.state.room.typing.size).toBe(0);
  });
  it("passes over what it does not understand", () => {
    rig.join([wireMessage(1)]);
    rig.session.receive("not json");
    rig.session.receive('{"type":"something new"}');
    rig.session.receive("[]");
    expect(offsets()).toEqual([1]);
  });
});
