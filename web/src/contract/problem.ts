// SPDX-License-Identifier: Apache-2.0
import * as v from "valibot";
import { reads } from "./reads";
import type { Problem } from "./shapes";

/** Why the server refused (docs/API.md, "Errors"). The title is that of the code, the detail of this very refusal. */
export const problem = reads<Problem>()(
  v.object({ code: v.string(), title: v.optional(v.string(), ""), detail: v.optional(v.string()) }),
);
