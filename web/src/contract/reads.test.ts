// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import { expect, expectTypeOf, test } from "vitest";
import { reads } from "./reads";

interface Part {
  id: string;
  kind: "small" | "large";
}
interface Whole {
  id: string;
  state: "on" | "off";
  name?: string;
  parts: Part[];
}
type Message = { type: "joined"; part: Part } | { type: "left"; at: string };

const id = v.string();
const state = v.picklist(["on", "off"]);

test("a schema that takes what may come stays what it is", () => {
  const schema = v.object({ id, name: v.exactOptional(v.string()), parts: v.array(v.object({ id })) });
  expect(reads<Whole>()(schema)).toBe(schema);
  expectTypeOf(reads<Whole>()(schema)).toEqualTypeOf(schema);
});
test("it may be more generous, and make something else of what it reads", () => {
  reads<Whole>()(v.object({ state: v.string(), name: v.optional(v.string(), "") }));
  reads<string>()(v.pipe(v.string(), v.transform(Date.parse)));
});

// The type check is the test of what follows: an error that is expected and does not come is one itself.
test("it does not pass the type check where it asks for what may be missing", () => {
  // @ts-expect-error
  reads<Whole>()(v.object({ name: v.string() }));
  // @ts-expect-error
  reads<Whole>()(v.object({ id: v.number() }));
});
test("nor where it knows too few words", () => {
  // @ts-expect-error
  reads<Whole>()(v.object({ state: v.picklist(["on"]) }));
  // @ts-expect-error
  reads<Whole>()(v.object({ parts: v.array(v.object({ kind: v.literal("small") })) }));
});
test("nor where it names what is not there, even if it can do without", () => {
  // @ts-expect-error
  reads<Whole>()(v.object({ state, nmae: v.optional(v.string()) }));
  // @ts-expect-error
  reads<Whole[]>()(v.array(v.object({ parts: v.array(v.object({ size: v.optional(v.number()) })) })));
});
test("nor where it leaves a kind of message out", () => {
  const joined = v.object({ type: v.literal("joined"), part: v.object({ id }) });
  const left = v.object({ type: v.literal("left") });
  reads<Message>()(v.variant("type", [joined, left]));
  // @ts-expect-error
  reads<Message>()(v.variant("type", [joined]));
});
