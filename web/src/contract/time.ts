// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import { reads } from "./reads";
import type { Time } from "./shapes";

/** A point in time as the server writes it, as ms since 1970. What is none is refused. */
export const time = reads<Time>()(
  v.pipe(
    v.string(),
    v.transform((text) => Date.parse(text)),
    v.number(),
  ),
);
