// SPDX-License-Identifier: Apache-2.0
import type { GenericSchema, InferInput } from "valibot";

/** A member of one of the variants of `Shape`; never: no variant has it. */
type Member<Shape, Key> = Shape extends unknown ? (Key extends keyof Shape ? Shape[Key] : never) : never;

/** Names that `Input` has, at whatever depth, and `Shape` has not. */
type Unknown<Shape, Input> = Input extends readonly (infer Item)[]
  ? Shape extends readonly (infer Element)[]
    ? Unknown<Element, Item>
    : never
  : Input extends object
    ? {
        [Key in keyof Input & string]-?: [Member<Shape, Key>] extends [never]
          ? Key
          : Unknown<Exclude<Member<Shape, Key>, undefined>, Exclude<Input[Key], undefined>>;
      }[keyof Input & string]
    : never;

/** What is wrong with a schema, as a type that it has not; `unknown`, which every schema has: nothing. */
type Objection<Shape, Schema extends GenericSchema> = [Shape] extends [InferInput<Schema>]
  ? [Unknown<Shape, InferInput<Schema>>] extends [never]
    ? unknown
    : { notInTheContract: Unknown<Shape, InferInput<Schema>> }
  : { doesNotTake: Shape };

/**
 * Ties a schema to a shape of the API, as the server's OpenAPI document has it: `reads<Instance>()(v.object({ ... }))`.
 *
 * The type check fails unless the schema takes whatever the server may send by that document, and names nothing that is not in
 * it. It may leave out what the page does not need, and be more generous (text in place of a list of words), since tabs are
 * older than the server now and then. So schemas are not generated: only a page knows what it can't do without.
 */
export function reads<Shape>() {
  return <Schema extends GenericSchema>(schema: Schema & Objection<Shape, Schema>): Schema => schema;
}
