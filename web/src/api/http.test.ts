// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import { afterEach, expect, test, vi } from "vitest";
import { isUnsettled, readAnswer, request } from "./http";

afterEach(() => vi.unstubAllGlobals());

const schema = v.object({ id: v.string() });

test("an answer is read by its schema, which leaves out what it does not know", async () => {
  expect(await readAnswer(Response.json({ id: "a", of: "tomorrow" }), schema)).toEqual({ id: "a" });
});

test.each([
  ["no JSON", new Response("<h1>Welcome to the hotel</h1>")],
  ["cut off", new Response('{"id":"a')],
  ["of another shape", Response.json({ id: 1 })],
])("an answer that is %s is none: the same may be asked again", async (_what, answer) => {
  const error = await readAnswer(answer, schema).catch((reason) => reason);
  expect(error).toMatchObject({ code: "unreadable" });
  expect(isUnsettled(error)).toBe(true);
});

test.each([
  ['{"code":"busy","title":"Busy.","detail":"until ten"}', { code: "busy", detail: "until ten" }],
  ['{"code":"busy","title":"Busy."}', { code: "busy", detail: "Busy." }],
  ['{"error":"no"}', { code: "unknown", detail: '{"error":"no"}' }],
  ["<h1>Bad Gateway</h1>", { code: "unknown", detail: "<h1>Bad Gateway</h1>" }],
])("a refusal %s has the server's code, if it is the server's", async (body, error) => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(body, { status: 409 })));
  await expect(request("/api/stats")).rejects.toMatchObject({ ...error, status: 409 });
});
