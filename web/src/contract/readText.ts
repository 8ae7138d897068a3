// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";

/** What JSON says, as `schema` reads it; null where it is no JSON or something else. */
export function readText<Schema extends v.GenericSchema>(schema: Schema, text: string): v.InferOutput<Schema> | null {
  try {
    return v.parse(schema, JSON.parse(text));
  } catch {
    return null;
  }
}
