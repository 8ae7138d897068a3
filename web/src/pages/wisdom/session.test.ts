// SPDX-License-Identifier: Apache-2.0
import { beforeEach, describe, expect, it } from "vitest";
import { pulseOf } from "./pulse";
import { SessionRig } from "./sessionRigForTest";

let world: SessionRig;
beforeEach(() => {
  world = new SessionRig();
});

function subscribed(): SessionRig {
  world.greet();
  world.session.subscribe();
  world.confirm();
  world.takeSentTypes();
  return world;
}

describe("a session", () => {
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
    expect(world.takeSentTypes()).toEqual(["connect", "subscribe"]);
    expect(world.state.phase).toBe("subscribing");
    world.pass(38);
    world.confirm();
    expect(world.state).toMatchObject({ phase: "subscribed", rtt: 38, wanted: true });
  });
  it("does not ask twice for what is under way", () => {
    world.greet();
    world.session.subscribe();
    world.session.subscribe();
    expect(world.takeSentTypes()).toEqual(["connect", "subscribe"]);
  });
  it("unsubscribes at once", () => {
    subscribed().session.unsubscribe();
    expect(world.takeSentTypes()).toEqual(["unsubscribe"]);
    expect(world.state).toMatchObject({ phase: "registered", wanted: false, hasUnsubscribed: true });
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
  it("registers and subscribes again where the user wants quotes", () => {
    subscribed().quote();
    world.session.closed();
    expect(world.state).toMatchObject({ phase: "connecting", id: null, rtt: null });
    world.greet("w2");
    expect(world.takeSentTypes()).toEqual(["connect", "subscribe"]);
    world.confirm();
    expect(world.state).toMatchObject({ phase: "subscribed", id: "w2" });
    expect(world.state.feed.quotes).toHaveLength(1);
  });
  it("only registers again where it was not wanted", () => {
    subscribed().session.unsubscribe();
    world.session.closed();
    world.takeSentTypes();
    world.greet("w2");
    expect(world.takeSentTypes()).toEqual(["connect"]);
    expect(world.state.phase).toBe("registered");
  });
  it("does what was wanted meanwhile", () => {
    world.session.subscribe();
    expect(world.state).toMatchObject({ phase: "connecting", wanted: true });
    world.session.unsubscribe();
    world.session.subscribe();
    expect(world.sent).toEqual([]);
    world.greet();
    expect(world.takeSentTypes()).toEqual(["connect", "subscribe"]);
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
    expect(world.savedWanted).toBe(true);
    world.session.unsubscribe();
    expect(world.savedWanted).toBe(false);
    world = new SessionRig(true);
    world.greet();
    expect(world.takeSentTypes()).toEqual(["connect", "subscribe"]);
  });
});

describe("the heartbeat", () => {
  it("is a ping every 5 s from the registration on", () => {
    world.pass(20_000);
    expect(world.sent).toEqual([]);
    world.greet();
    world.takeSentTypes();
    world.pass(4999);
    expect(world.takeSentTypes()).toEqual([]);
    world.pass(10_001);
    expect(world.takeSentTypes()).toEqual(["ping", "ping", "ping"]);
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
  it("probes, once, where a subscriber receives nothing for 12 s", () => {
    subscribed().pass(21_000);
    expect(world.takeSentTypes().filter((type) => type !== "ping")).toEqual(["subscribe"]);
    world.confirm();
    expect(world.state.phase).toBe("subscribed");
    expect(pulseOf(world.state, world.at)).toBe("well");
    expect(world.reopened).toBe(0);
  });
  it("reconnects where that is not answered either, and shows it until an answer comes", () => {
    subscribed().answering = false;
    world.pass(60_000);
    expect(world.reopened).toBe(1);
    expect(pulseOf(world.state, world.at)).toBe("lost");
    world.greet("w2");
    expect(pulseOf(world.state, world.at)).toBe("well");
    world.session.closed();
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
    world.takeSentTypes();
    world.greet("w2");
    expect(world.takeSentTypes()).toEqual(["connect", "subscribe"]);
  });
  it("does not ask where quotes come", () => {
    subscribed();
    for (let count = 0; count < 5; count++) {
      world.pass(10_000);
      world.quote();
    }
    expect(new Set(world.takeSentTypes())).toEqual(new Set(["ping"]));
  });
  it("does not probe, and shows nothing, where nothing is expected", () => {
    world.greet();
    world.pass(60_000);
    expect(new Set(world.takeSentTypes())).toEqual(new Set(["connect", "ping"]));
    expect(pulseOf(world.state, world.at)).toBe("well");
  });
  it("is unknown before the first message, and after the visit", () => {
    expect(pulseOf(world.state, world.at)).toBe("none");
    world.greet();
    world.session.leave();
    expect(pulseOf(world.state, world.at + 60_000)).toBe("none");
  });
  it("is late where a ping is not answered for 8 s, and lost once two were not, subscribed or not", () => {
    world.greet();
    world.answering = false;
    world.pass(5000);
    const pulses = [7999, 8000, 11_999, 12_000].map((age) => pulseOf(world.state, world.at + age));
    expect(pulses).toEqual(["well", "late", "late", "lost"]);
    world.answering = true;
    world.pass(10_000);
    expect(pulseOf(world.state, world.at)).toBe("well");
  });
  it("asks nobody while no one looks", () => {
    world.greet();
    world.visible = false;
    world.answering = false;
    world.pass(60_000);
    expect(pulseOf(world.state, world.at)).toBe("well");
  });
  it("is lost with the connection", () => {
    world.greet();
    world.session.closed();
    const pulses = [0, 8000, 12_000].map((age) => pulseOf(world.state, world.at + age));
    expect(pulses).toEqual(["well", "late", "lost"]);
  });
});

describe("the log of frames", () => {
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
      world.session.receive(text);
    }
    expect(world.state).toMatchObject({ phase: "connecting", id: null });
    expect(world.state.frames).toHaveLength(5);
  });
});

describe("leaving the page", () => {
  it("says goodbye and stops", () => {
    subscribed().session.leave();
    expect(world.takeSentTypes()).toEqual(["disconnect"]);
    expect(world.timersLeft).toBe(0);
    expect(world.state).toMatchObject({ phase: "connecting", wanted: true });
  });
  it("has nothing to say before the registration", () => {
    world.session.leave();
    expect(world.sent).toEqual([]);
  });
});
