// SPDX-License-Identifier: Apache-2.0
import { afterEach, describe, expect, test, vi } from "vitest";
import { refusalOf } from "./refusal";

afterEach(() => vi.unstubAllGlobals());

function answering(answer: Response | Error): void {
  vi.stubGlobal("fetch", () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)));
}
function problem(status: number, code: string, headers: HeadersInit = {}): Response {
  return new Response(JSON.stringify({ code }), { status, headers });
}
const ask = () => refusalOf("/api/events", new AbortController().signal);

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
