// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from "react";
import { readAnswer, request } from "#/api/http";
import { nameVerdict, roomUrl } from "./protocol";
import type { Refusal } from "./state";

export interface NameCheck {
  name: string;
  /** `free`, `taken`, `invalid`, `reserved`, `confusable`; or the code of another refusal. */
  verdict: string;
  suggestion: string;
}

/** The debounce of the check, in ms. */
const pause = 250;

/** The server's verdict on a name: checked while it is typed, and from a refused registration. */
export function useNameCheck(name: string, refusal: Refusal | null): NameCheck | null {
  const [check, setCheck] = useState<NameCheck | null>(null);
  useEffect(() => {
    if (name === "") {
      return;
    }
    const stop = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const answer = await request(`${roomUrl}/names/${encodeURIComponent(name)}`, { signal: stop.signal });
        const { verdict, suggestion } = await readAnswer(answer, nameVerdict);
        setCheck({ name, verdict, suggestion });
      } catch {
        // Without an answer nothing is shown; the registration checks the name, too.
      }
    }, pause);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [name]);
  if (refusal !== null && refusal.name === name) {
    return { name, verdict: refusal.code.replace(/^name_/, ""), suggestion: refusal.suggestion };
  }
  return check?.name === name ? check : null;
}
