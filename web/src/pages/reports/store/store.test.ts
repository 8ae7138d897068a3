// SPDX-License-Identifier: Apache-2.0
import { i18n } from "@lingui/core";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Follower, LiveEvent } from "#/live/types";
import type { FullReport } from "../model/report";
import { eventsOf, idOf, reportThrough, user } from "../model/samplesForTest";
import { createReport, moveAll, moveReport } from "./commands";
import { followReports } from "./followReports";
import { useReports } from "./reports";

interface Told {
  tone: string;
  text: string;
  action?: { label: string; run: () => void };
}
const said = vi.hoisted(() => ({ announced: [] as string[], toasts: [] as Told[] }));
const live = vi.hoisted(() => ({ followers: [] as Follower[] }));
vi.mock("#/ui/announcer", () => ({ announce: (text: string) => said.announced.push(text) }));
vi.mock("#/ui/toast", () => ({ toast: (notice: Told) => said.toasts.push(notice) }));
vi.mock("#/live/live", () => ({
  follow: (follower: Follower) => {
    live.followers.push(follower);
    return () => {};
  },
}));

interface Sent {
  line: string;
  key: string | null;
  body: unknown;
}

/** The server's next answers in order; what was asked is written down. */
function serverAnswers(...answers: (FullReport | FullReport[] | Refusal | "nothing")[]): Sent[] {
  const sent: Sent[] = [];
  vi.spyOn(globalThis, "fetch").mockImplementation(async (path, init) => {
    const headers = new Headers(init?.headers);
    const body = typeof init?.body === "string" ? JSON.parse(init.body) : null;
    sent.push({ line: `${init?.method} ${path}`, key: headers.get("Idempotency-Key"), body });
    const answer = answers.shift();
    if (answer === undefined || answer === "nothing") {
      throw new TypeError("Failed to fetch");
    }
    const isRefusal = "code" in answer;
    return new Response(JSON.stringify(answer), {
      status: isRefusal ? answer.status : 200,
      headers: { "Howl-Cursor": "e.7.v.1" },
    });
  });
  return sent;
}
interface Refusal {
  status: number;
  code: string;
  detail: string;
}
const illegal: Refusal = { status: 409, code: "illegal_state", detail: "from processing to: completed, failed" };

/** Begins to follow, with this list on the server; answers how events come in. */
async function following(...list: FullReport[]): Promise<(news: readonly { id: string }[]) => void> {
  serverAnswers(list);
  followReports(user);
  const follower = live.followers.at(-1);
  await follower?.snapshot?.(new AbortController().signal);
  return (news) => follower?.onEvents(news.map(eventWith));
}

function eventWith(news: object, i: number): LiveEvent {
  const cursor = { durableEpoch: "e", durable: i, volatileEpoch: "v", volatile: 0 };
  const type = "move" in news ? "report_status_update" : "report_archived";
  return { topic: `howl:reports/${user}`, epoch: "e", offset: i, type, time: 0, data: JSON.stringify(news), cursor };
}

const statusOf = (n: number) => useReports.getState().reports.get(idOf(n))?.status;

beforeEach(() => {
  i18n.load("en", {});
  i18n.activate("en");
  said.announced.length = 0;
  said.toasts.length = 0;
  useReports.setState(useReports.getInitialState());
});

describe("following", () => {
  it("reads the list and answers the cursor from which the stream goes on", async () => {
    serverAnswers([reportThrough(["pending"])]);
    followReports(user);
    const follower = live.followers.at(-1);
    expect(follower?.topic).toBe(`howl:reports/${user}`);
    expect(await follower?.snapshot?.(new AbortController().signal)).toBe("e.7.v.1");
    expect(useReports.getState().ready).toBe(true);
    expect(statusOf(1)).toBe("pending");
  });

  it("reads all pages of a long list, and goes on from where the first one stood", async () => {
    const pages = [reportThrough(["pending"]), reportThrough(["pending", "queued"], 2)];
    const asked: string[] = [];
    vi.spyOn(globalThis, "fetch").mockImplementation(async (path) => {
      const page = pages[asked.push(String(path)) - 1];
      const headers = new Headers({ "Howl-Cursor": `e.${asked.length}.v.1` });
      if (asked.length === 1) {
        headers.set("Howl-Next", page?.id ?? "");
      }
      return new Response(JSON.stringify([page]), { headers });
    });
    followReports(user);
    expect(await live.followers.at(-1)?.snapshot?.(new AbortController().signal)).toBe("e.1.v.1");
    expect(asked.at(-1)).toBe(`/api/reports?user_id=${user}&after=${pages[0]?.id}`);
    expect([statusOf(1), statusOf(2)]).toEqual(["pending", "queued"]);
  });

  it("leaves out a report of the list that cannot be read, and takes the others", async () => {
    const ofTomorrow = { ...reportThrough(["pending"], 2), status: "archived" } as unknown as FullReport;
    await following(reportThrough(["pending"]), ofTomorrow);
    expect([statusOf(1), statusOf(2)]).toEqual(["pending", undefined]);
  });

  it("keeps the error of the list, which is retried", async () => {
    serverAnswers("nothing");
    followReports(user);
    await expect(live.followers.at(-1)?.snapshot?.(new AbortController().signal)).rejects.toThrow("unreachable");
    expect(useReports.getState()).toMatchObject({ ready: false, error: { code: "unreachable" } });
  });

  it("reads out each move once, and none of the list", async () => {
    const come = await following(reportThrough(["pending"]));
    const news = eventsOf(["pending", "queued"]);
    come(news);
    come(news);
    expect(said.announced).toEqual([`Report 00000000…: queued`]);
  });

  it("leaves out kinds of events that it does not know", async () => {
    const come = await following(reportThrough(["pending"]));
    come([{ id: idOf(1) }]);
    expect(statusOf(1)).toBe("pending");
  });

  it("leaves out an event that cannot be read, and takes those that came with it", async () => {
    await following(reportThrough(["pending"]));
    const unreadable: LiveEvent[] = ["{", "null"].map((data, i) => ({
      ...eventWith({ move: {} }, i),
      data,
    }));
    const good = eventsOf(["pending", "queued"]).map(eventWith);
    live.followers.at(-1)?.onEvents([...unreadable, ...good]);
    expect(statusOf(1)).toBe("queued");
  });

  it("asks for the moves that never came", async () => {
    const come = await following(reportThrough(["pending"]));
    const states = ["pending", "queued", "processing"] as const;
    const sent = serverAnswers(reportThrough(states));
    come(eventsOf(states).slice(2));
    expect(statusOf(1)).toBe("processing");
    await vi.waitFor(() => expect(useReports.getState().reports.get(idOf(1))).toEqual(reportThrough(states)));
    expect(sent.map(({ line }) => line)).toEqual([`GET /api/reports/${idOf(1)}?user_id=${user}`]);
  });

  it("forgets one user's reports for another's", async () => {
    await following(reportThrough(["pending"]));
    followReports("00000000-0000-0000-0000-000000000000");
    expect(useReports.getState()).toMatchObject({ ready: false, reports: new Map() });
  });
});

describe("creating", () => {
  it("keeps its key through a retry, so that there is one report", async () => {
    await following();
    const sent = serverAnswers("nothing", reportThrough(["pending"]));
    await createReport();
    expect(useReports.getState().creation).toMatchObject({ state: "failed", failure: { code: "unreachable" } });
    await createReport();
    expect(sent).toHaveLength(2);
    expect(sent[0]?.key).toMatch(/^[0-9a-f]{32}$/);
    expect(sent[1]?.key).toBe(sent[0]?.key);
    expect(useReports.getState()).toMatchObject({ creation: { state: "idle" }, createdHere: idOf(1) });
  });

  it("takes another key for another report", async () => {
    await following();
    const sent = serverAnswers(reportThrough(["pending"]), reportThrough(["pending"], 2));
    await createReport();
    await createReport();
    expect(sent[0]?.key).not.toBe(sent[1]?.key);
  });

  it.each([
    ["answered", reportThrough(["pending"])],
    ["failed", "nothing" as const],
  ])("that has %s after another user came is nothing to that user", async (_how, answer) => {
    await following();
    serverAnswers(answer);
    const creating = createReport();
    followReports("00000000-0000-0000-0000-000000000000");
    await creating;
    expect(useReports.getState()).toMatchObject({ creation: { state: "idle" }, createdHere: null });
  });

  it("does nothing more while one is on its way", async () => {
    await following();
    const sent = serverAnswers(reportThrough(["pending"]));
    await Promise.all([createReport(), createReport()]);
    expect(sent).toHaveLength(1);
  });
});

describe("a move", () => {
  it("shows nothing as done until the server has answered", async () => {
    await following(reportThrough(["pending"]));
    const sent = serverAnswers(reportThrough(["pending", "canceled"]));
    const moving = moveReport(idOf(1), "canceled");
    expect(statusOf(1)).toBe("pending");
    expect(useReports.getState().pendingMoves.get(idOf(1))).toMatchObject({ to: "canceled", failure: null });
    await moving;
    expect(statusOf(1)).toBe("canceled");
    expect(useReports.getState().pendingMoves.size).toBe(0);
    expect(sent).toEqual([
      { line: `PATCH /api/reports/${idOf(1)}?user_id=${user}`, key: null, body: { status: "canceled" } },
    ]);
  });

  it("is asked for once, however often it is pressed", async () => {
    await following(reportThrough(["pending"]));
    const sent = serverAnswers(reportThrough(["pending", "canceled"]));
    await Promise.all([moveReport(idOf(1), "canceled"), moveReport(idOf(1), "canceled")]);
    expect(sent).toHaveLength(1);
    expect(said.toasts).toHaveLength(1);
  });

  it("to canceled can be undone", async () => {
    await following(reportThrough(["pending"]));
    const sent = serverAnswers(
      reportThrough(["pending", "canceled"]),
      reportThrough(["pending", "canceled", "pending"]),
    );
    await moveReport(idOf(1), "canceled");
    expect(said.toasts).toMatchObject([{ tone: "ok", text: "Report 00000000… canceled.", action: { label: "Undo" } }]);
    said.toasts[0]?.action?.run();
    await vi.waitFor(() => expect(statusOf(1)).toBe("pending"));
    expect(sent.map(({ body }) => body)).toEqual([{ status: "canceled" }, { status: "pending" }]);
  });

  it("that is refused says what the report is by now, and shows it", async () => {
    await following(reportThrough(["pending"]));
    serverAnswers(illegal, reportThrough(["pending", "queued", "processing"]));
    await moveReport(idOf(1), "canceled");
    expect(statusOf(1)).toBe("processing");
    expect(useReports.getState().pendingMoves.size).toBe(0);
    expect(said.toasts.map(({ text }) => text)).toEqual([
      "Report 00000000… can no longer be canceled: it is “processing” by now.",
    ]);
  });

  it("without an answer is explained in its place, and settled by the event that comes after all", async () => {
    const come = await following(reportThrough(["pending"]));
    serverAnswers("nothing");
    await moveReport(idOf(1), "canceled", "in place");
    expect(useReports.getState().pendingMoves.get(idOf(1))?.failure?.code).toBe("unreachable");
    expect(said.toasts).toEqual([]);
    come(eventsOf(["pending", "canceled"]));
    expect(useReports.getState().pendingMoves.size).toBe(0);
  });

  it("without an answer can be asked for again", async () => {
    await following(reportThrough(["pending"]));
    serverAnswers("nothing", reportThrough(["pending", "canceled"]));
    await moveReport(idOf(1), "canceled");
    await moveReport(idOf(1), "canceled");
    expect(statusOf(1)).toBe("canceled");
    expect(said.toasts.map(({ tone }) => tone)).toEqual(["bad", "ok"]);
  });

  it("that is answered after another user came is not shown", async () => {
    await following(reportThrough(["pending"]));
    serverAnswers(reportThrough(["pending", "canceled"]));
    const moving = moveReport(idOf(1), "canceled");
    followReports("00000000-0000-0000-0000-000000000000");
    await moving;
    expect(useReports.getState().reports.size).toBe(0);
    expect(said.toasts).toEqual([]);
  });

  it("of many at once ends in one notice", async () => {
    await following(...[1, 2, 3].map((n) => reportThrough(["pending"], n)));
    const sent = serverAnswers(...[1, 2, 3].map((n) => reportThrough(["pending", "canceled"], n)));
    await moveAll([1, 2, 3].map(idOf), "cancel");
    expect(sent).toHaveLength(3);
    expect(said.toasts).toMatchObject([{ tone: "ok", text: "3 reports canceled.", action: { label: "Undo" } }]);
    const undone = serverAnswers(...[1, 2, 3].map((n) => reportThrough(["pending", "canceled", "pending"], n)));
    said.toasts[0]?.action?.run();
    await vi.waitFor(() => expect(said.toasts).toHaveLength(2));
    expect(undone.map(({ body }) => body)).toEqual([1, 2, 3].map(() => ({ status: "pending" })));
  });
});
