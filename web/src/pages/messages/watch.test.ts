// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Follower, LiveEvent } from "#/live/types";
import { useUnread } from "#/live/unread";
import { markAllRead, markRead } from "./inbox";
import { noMarks, stringifyMarks } from "./marks";
import { removeOne, undoRemoval } from "./removal";
import { changeInbox, useMessages } from "./store";
import { closeInbox, openInbox, openSavedInbox, setWatching } from "./watch";

const followers: Follower[] = [];
vi.mock("#/live/live", () => ({
  follow: (follower: Follower) => {
    followers.push(follower);
    return () => followers.splice(followers.indexOf(follower), 1);
  },
}));

/** A server that keeps messages, and gives at most two of them at once. */
let kept: { epoch: string; texts: string[] };
const asked: string[] = [];
function answer(url: string): Response {
  asked.push(url);
  const after = Number(new URL(url, "http://howl").searchParams.get("after"));
  const events = kept.texts
    .map((data, at) => ({ offset: at + 1, type: "message", time: "2026-11-21T20:00:00.000Z", data }))
    .slice(after, after + 2);
  const more = after + 2 < kept.texts.length;
  const body = { epoch: kept.epoch, firstOffset: 1, lastOffset: kept.texts.length, more, events };
  return Response.json(body, more ? {} : { headers: { "Howl-Cursor": `d1.${kept.texts.length}.v1.0` } });
}

function live(offset: number, type = "message"): LiveEvent {
  const cursor = { durableEpoch: "e1", durable: offset, volatileEpoch: "v1", volatile: 0 };
  return { topic: "howl:inbox/v3/anna", epoch: "e1", offset, type, time: 0, data: `live ${offset}`, cursor };
}

const texts = () => useMessages.getState().inbox.messages.map(({ text }) => text);
const unread = () => useUnread.getState().counts.messages ?? 0;
/** What the tab's stream does for its follower. */
const snapshot = () => followers[0]?.snapshot?.(new AbortController().signal);

beforeEach(() => {
  kept = { epoch: "e1", texts: ["a", "b", "c"] };
  asked.length = 0;
  vi.stubGlobal("fetch", async (url: string) => answer(url));
});
afterEach(() => {
  setWatching(false);
  closeInbox();
  localStorage.clear();
  vi.unstubAllGlobals();
});

describe("the inbox of a user", () => {
  it("is followed from the start where the name is remembered, and only once", () => {
    localStorage.setItem("howl.messages.user", "Ж");
    openSavedInbox();
    openSavedInbox();
    expect(followers.map(({ topic }) => topic)).toEqual(["howl:inbox/v3/~D0~96"]);
  });
  it("is nobody's where no name is remembered", () => {
    openSavedInbox();
    expect(followers).toEqual([]);
    expect(useMessages.getState().user).toBeNull();
  });
  it("is read page by page, and goes on where the last page ends", async () => {
    openInbox("anna");
    expect(await snapshot()).toBe("d1.3.v1.0");
    expect(texts()).toEqual(["a", "b", "c"]);
    expect(asked.map((url) => url.replace(/.*after=(\d+).*/, "$1"))).toEqual(["0", "2"]);
    expect(unread()).toBe(3);
  });
  it("takes what the stream brings, also what the history had already", async () => {
    openInbox("anna");
    await snapshot();
    followers[0]?.onEvents([live(3), live(4, "kafka")]);
    expect(texts()).toEqual(["a", "b", "c", "live 4"]);
    expect(useMessages.getState().inbox.messages.at(-1)?.source).toBe("kafka");
    expect(unread()).toBe(4);
  });
  it("reads only what is missing after a reset, and everything where the epoch is another", async () => {
    openInbox("anna");
    await snapshot();
    kept.texts.push("d");
    await snapshot();
    expect(asked.at(-1)).toContain("after=3&");
    kept = { epoch: "e2", texts: ["new"] };
    await snapshot();
    expect(texts()).toEqual(["new"]);
  });
  it("says why its history could not be read, until it could", async () => {
    openInbox("anna");
    vi.stubGlobal("fetch", async () => Response.json({ code: "overloaded" }, { status: 503 }));
    await expect(snapshot()).rejects.toMatchObject({ code: "overloaded" });
    expect(useMessages.getState()).toMatchObject({ loaded: false, error: { code: "overloaded" } });
    vi.stubGlobal("fetch", async (url: string) => answer(url));
    await snapshot();
    expect(useMessages.getState()).toMatchObject({ loaded: true, error: null });
  });
  it("is closed when the user changes", async () => {
    openInbox("anna");
    const old = followers[0];
    openInbox("bob");
    expect(followers.map(({ topic }) => topic)).toEqual(["howl:inbox/v3/bob"]);
    const stopped = new AbortController();
    stopped.abort();
    await expect(old?.snapshot?.(stopped.signal)).rejects.toThrow();
    expect(texts()).toEqual([]);
    expect(useMessages.getState().error).toBeNull();
  });
});

describe("what was read", () => {
  it("is still read after a reload", async () => {
    openInbox("anna");
    await snapshot();
    changeInbox(markAllRead);
    expect(unread()).toBe(0);
    openInbox("anna");
    await snapshot();
    expect(unread()).toBe(0);
  });
  it("is below what came while the page was not watched", async () => {
    openInbox("anna");
    setWatching(true);
    await snapshot();
    setWatching(false);
    followers[0]?.onEvents([live(4), live(5)]);
    setWatching(true);
    expect(useMessages.getState().inbox.away).toEqual({ after: 3, upTo: 5 });
  });
});

describe("two tabs", () => {
  it("of different epochs do not loop", async () => {
    openInbox("anna");
    await snapshot();
    const other = new BroadcastChannel("howl.messages.marks.anna");
    const heard: string[] = [];
    const spoken = new Promise<void>((resolve) => {
      other.onmessage = ({ data }: MessageEvent<string>) => {
        heard.push(data);
        resolve();
      };
    });
    const taken = new Promise<void>((resolve) => {
      useUnread.subscribe(({ counts }) => counts.messages === 2 && resolve());
    });
    other.postMessage(stringifyMarks({ ...noMarks, epoch: "e0" }));
    other.postMessage(stringifyMarks({ ...noMarks, epoch: "e1", read: { upTo: 1, also: new Set() } }));
    await taken;
    // What is sent first arrives first: an answer to the tab of another epoch would stand before this word.
    changeInbox((inbox) => markRead(inbox, 3));
    await spoken;
    other.close();
    expect(heard).toEqual([stringifyMarks({ ...noMarks, epoch: "e1", read: { upTo: 1, also: new Set([3]) } })]);
  });
});

describe("what was removed", () => {
  it("does not count, can be undone, and stays away once something else is removed", async () => {
    openInbox("anna");
    await snapshot();
    removeOne(2);
    expect(unread()).toBe(2);
    undoRemoval();
    expect(unread()).toBe(3);
    removeOne(1);
    removeOne(3);
    undoRemoval();
    expect(unread()).toBe(2);
    openInbox("anna");
    await snapshot();
    expect(unread()).toBe(2);
  });
});
