// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from "vitest";
import { pulseOf } from "./pulse";
import { World } from "./worldForTest";

let world: World;
beforeEach(() => {
  world = new World();
});

function subscribed(): World {
  world.greet();
  world.session.subscribe();
  world.confirm();
  world.said();
  return world;
}

describe("a visitor of the wolves", () => {
  it("is connecting until the server says who they are", () => {
    expect(world.state).toMatchObject({ phase: "connecting", id: null });
    expect(world.sent).toEqual([]);
  });
  it("registers with the id that the server gave", () => {
    world.greet("c0ffee");
    expect(world.sent).toEqual(['{"type":"connect","payload":{"id":"c0ffee"}}']);
    expect(world.state).toMatchObject({ phase: "registered", id: "c0ffee" });
  });
  it("is subscribed once the server confirms, and knows the round trip", () => {
    world.greet();
    world.session.subscribe();
    expect(world.said()).toEqual(["connect", "subscribe"]);
    expect(world.state.phase).toBe("subscribing");
    world.pass(38);
    world.confirm();
    expect(world.state).toMatchObject({ phase: "subscribed", rtt: 38, wanted: true });
  });
  it("does not ask twice for what is under way", () => {
    world.greet();
    world.session.subscribe();
    world.session.subscribe();
    expect(world.said()).toEqual(["connect", "subscribe"]);
  });
  it("unsubscribes at once", () => {
    subscribed().session.unsubscribe();
    expect(world.said()).toEqual(["unsubscribe"]);
    expect(world.state).toMatchObject({ phase: "registered", wanted: false, hasLeft: true });
  });
  it("takes no confirmation for a subscription that is not wanted any more", () => {
    world.greet();
    world.session.subscribe();
    world.session.unsubscribe();
    world.confirm();
    expect(world.state.phase).toBe("registered");
  });
  it("waits for the last confirmation after changing its mind twice", () => {
    world.greet();
    world.session.subscribe();
    world.session.unsubscribe();
    world.session.subscribe();
    world.confirm();
    expect(world.state.phase).toBe("subscribing");
    world.confirm();
    expect(world.state.phase).toBe("subscribed");
  });
});

describe("quotes", () => {
  it("are shown with the server's time while they are wanted", () => {
    subscribed().quote("Волк 🐺");
    expect(world.state.feed.quotes).toEqual([{ number: 1, text: "Волк 🐺", at: world.at + 7 }]);
  });
  it("that come late are counted and not shown", () => {
    subscribed().quote("first");
    world.session.unsubscribe();
    expect(world.state.feed.late).toBe(0);
    world.quote("late");
    expect(world.state.feed).toMatchObject({ late: 1, quotes: [{ text: "first" }] });
  });
  it("are new where nobody could see them come", () => {
    subscribed();
    world.visible = false;
    world.quote();
    world.visible = true;
    world.session.setPaused(true);
    world.quote();
    expect(world.state.feed.seen).toBe(0);
    world.session.setPaused(false);
    world.quote();
    expect(world.state.feed.seen).toBe(3);
  });
});

describe("after a drop", () => {
  it("registers and subscribes again where the person wanted it", () => {
    subscribed().quote();
    world.session.closed();
    expect(world.state).toMatchObject({ phase: "connecting", id: null, rtt: null });
    world.greet("w2");
    expect(world.said()).toEqual(["connect", "subscribe"]);
    world.confirm();
    expect(world.state).toMatchObject({ phase: "subscribed", id: "w2" });
    expect(world.state.feed.quotes).toHaveLength(1);
  });
  it("only registers again where it was not wanted", () => {
    subscribed().session.unsubscribe();
    world.session.closed();
    world.said();
    world.greet("w2");
    expect(world.said()).toEqual(["connect"]);
    expect(world.state.phase).toBe("registered");
  });
  it("does what was wanted meanwhile", () => {
    world.session.subscribe();
    expect(world.state).toMatchObject({ phase: "connecting", wanted: true });
    world.session.unsubscribe();
    world.session.subscribe();
    expect(world.sent).toEqual([]);
    world.greet();
    expect(world.said()).toEqual(["connect", "subscribe"]);
  });
  it("counts no confirmation of the old connection", () => {
    world.greet();
    world.session.subscribe();
    world.session.closed();
    world.greet("w2");
    world.confirm();
    expect(world.state.phase).toBe("subscribed");
  });
  it("keeps what is wanted for the next load", () => {
    world.session.subscribe();
    expect(world.kept).toBe(true);
    world.session.unsubscribe();
    expect(world.kept).toBe(false);
    world = new World(true);
    world.greet();
    expect(world.said()).toEqual(["connect", "subscribe"]);
  });
});

describe("the heartbeat", () => {
  it("is a ping every 5 s from the registration on", () => {
    world.pass(20_000);
    expect(world.sent).toEqual([]);
    world.greet();
    world.said();
    world.pass(4999);
    expect(world.said()).toEqual([]);
    world.pass(10_001);
    expect(world.said()).toEqual(["ping", "ping", "ping"]);
    expect(world.state.lastPingAt).toBe(world.at);
  });
  it("ends with the connection, and is one again after the next", () => {
    world.greet();
    world.session.closed();
    expect(world.timersLeft).toBe(0);
    world.greet("w2");
    world.greet("w3");
    expect(world.timersLeft).toBe(1);
  });
  it("asks again, once, where a subscriber hears nothing for 12 s", () => {
    subscribed().pass(21_000);
    expect(world.said().filter((type) => type !== "ping")).toEqual(["subscribe"]);
    world.confirm();
    expect(world.state.phase).toBe("subscribed");
    expect(pulseOf(world.state, world.at)).toBe("well");
    expect(world.reopened).toBe(0);
  });
  it("takes another connection where nobody answers that either", () => {
    subscribed().pass(60_000);
    expect(world.reopened).toBe(1);
    expect(world.state).toMatchObject({ phase: "connecting", wanted: true });
    expect(world.timersLeft).toBe(0);
  });
  it("takes another connection where a subscription is not confirmed within 10 s, and subscribes there", () => {
    world.greet();
    world.session.subscribe();
    world.pass(9999);
    expect(world.reopened).toBe(0);
    world.pass(1);
    expect(world.reopened).toBe(1);
    world.said();
    world.greet("w2");
    expect(world.said()).toEqual(["connect", "subscribe"]);
  });
  it("does not ask where quotes come", () => {
    subscribed();
    for (let count = 0; count < 5; count++) {
      world.pass(10_000);
      world.quote();
    }
    expect(new Set(world.said())).toEqual(new Set(["ping"]));
  });
  it("does not ask, and tells nothing, where nothing is to be expected", () => {
    world.greet();
    world.pass(60_000);
    expect(new Set(world.said())).toEqual(new Set(["connect", "ping"]));
    expect(pulseOf(world.state, world.at)).toBe("none");
  });
  it("is late after 12 s of silence, and lost after two quotes that did not come", () => {
    subscribed();
    const pulses = [0, 11_999, 12_000, 21_999, 22_000].map((age) => pulseOf(world.state, world.at + age));
    expect(pulses).toEqual(["well", "well", "late", "late", "lost"]);
  });
});

describe("what goes over the wire", () => {
  it("is written down both ways, newest first", () => {
    world.greet();
    expect(world.state.frames.map(({ direction, number }) => [number, direction])).toEqual([
      [2, "out"],
      [1, "in"],
    ]);
  });
  it("is not what a closed socket refused", () => {
    world.greet();
    world.open = false;
    world.session.subscribe();
    expect(world.state.frames).toHaveLength(2);
  });
  it("may be something this page does not know", () => {
    for (const text of ["", "null", "{}", '{"type":"initial"}', '{"type":"news","payload":{}}']) {
      world.session.heard(text);
    }
    expect(world.state).toMatchObject({ phase: "connecting", id: null });
    expect(world.state.frames).toHaveLength(5);
  });
});

describe("leaving the page", () => {
  it("says goodbye and stops", () => {
    subscribed().session.leave();
    expect(world.said()).toEqual(["disconnect"]);
    expect(world.timersLeft).toBe(0);
    expect(world.state).toMatchObject({ phase: "connecting", wanted: true });
  });
  it("has nothing to say before the registration", () => {
    world.session.leave();
    expect(world.sent).toEqual([]);
  });
});
