// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, test, vi } from "vitest";
import { refusalOf, socketRefusalOf } from "./refusal";

afterEach(() => vi.unstubAllGlobals());

function answering(answer: Response | Error): void {
  vi.stubGlobal("fetch", () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)));
}
function problem(status: number, code: string, headers: HeadersInit = {}): Response {
  return new Response(JSON.stringify({ code }), { status, headers });
}
const ask = () => refusalOf("/api/events", new AbortController().signal);

describe("why a socket was refused", () => {
  const asked: string[] = [];
  /** How the server answers the two questions; null: not at all. */
  function answers(options: Response | null, get: Response | null): void {
    asked.length = 0;
    vi.stubGlobal("fetch", (_url: string, { method = "GET" }: RequestInit) => {
      asked.push(method);
      const answer = method === "OPTIONS" ? options : get;
      return answer ? Promise.resolve(answer) : Promise.reject(new TypeError("Failed to fetch"));
    });
  }
  const ask = () => socketRefusalOf("/api/chat/rooms/lobby/ws", new AbortController().signal);
  const options = (headers: HeadersInit) => new Response(null, { status: 204, headers });
  const letIn = () => options({ Allow: "GET, HEAD", "Access-Control-Allow-Origin": "https://howl.example.com" });

  test("is the page's origin where the answer to it does not name it, and that is for good", async () => {
    answers(options({ Allow: "GET, HEAD, OPTIONS" }), null);
    expect(await ask()).toEqual({ code: "origin_refused", forGood: true, retryAfter: 0 });
    expect(asked).toEqual(["OPTIONS"]);
  });
  test("is what the path says to who asks without an upgrade, where the origin is let in", async () => {
    answers(letIn(), problem(426, "upgrade_required"));
    expect(await ask()).toMatchObject({ code: "upgrade_required", forGood: false });
    answers(letIn(), problem(503, "draining"));
    expect(await ask()).toMatchObject({ code: "draining" });
  });
  test("is not the origin where somebody between answers OPTIONS in his own way", async () => {
    for (const theirs of [new Response("no", { status: 405 }), new Response("", { status: 200 })]) {
      answers(theirs, problem(426, "upgrade_required"));
      expect(await ask()).toMatchObject({ code: "upgrade_required" });
    }
  });
  test("is nothing where no answer comes", async () => {
    answers(null, null);
    expect(await ask()).toBeNull();
  });
});

describe("why a stream was refused", () => {
  test("is the problem's code; a 4xx is for good", async () => {
    answering(problem(400, "invalid_cursor"));
    expect(await ask()).toEqual({ code: "invalid_cursor", forGood: true, retryAfter: 0 });
  });
  test("is for the moment with a 5xx, and Retry-After is in seconds", async () => {
    answering(problem(503, "draining", { "Retry-After": "5" }));
    expect(await ask()).toEqual({ code: "draining", forGood: false, retryAfter: 5000 });
  });
  test.each([408, 425, 426, 429])("is for the moment with %i", async (status) => {
    answering(problem(status, "rate_limited"));
    expect(await ask()).toMatchObject({ forGood: false });
  });
  test("is the status where somebody between answered in words of his own", async () => {
    answering(new Response("<h1>Bad Gateway</h1>", { status: 502, headers: { "Retry-After": "tomorrow" } }));
    expect(await ask()).toEqual({ code: "http_502", forGood: false, retryAfter: 0 });
  });
  test("is nothing where it is not refused any more, and then that stream is let go", async () => {
    let signal: AbortSignal | null | undefined;
    vi.stubGlobal("fetch", (_url: string, init: RequestInit) => {
      signal = init.signal;
      return Promise.resolve(new Response(new ReadableStream()));
    });
    expect(await ask()).toBeNull();
    expect(signal?.aborted).toBe(true);
  });
  test("is nothing where no answer comes", async () => {
    answering(new TypeError("Failed to fetch"));
    expect(await ask()).toBeNull();
  });
});
