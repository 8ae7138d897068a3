// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from "react";
import { request } from "#/api/http";
import { roomUrl } from "./protocol";
import type { Refusal } from "./state";

export interface NameCheck {
  name: string;
  /** `free`, `taken`, `invalid`, `reserved`, `confusable`; or another code with which the server refused. */
  verdict: string;
  suggestion: string;
}

/** A pause in typing after which the server is asked, in ms. */
const pause = 250;

/** What the server thinks of a name: asked while it is typed, and what it said when one tried to enter with it. */
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
        const { verdict, suggestion } = (await answer.json()) as { verdict: string; suggestion: string };
        setCheck({ name, verdict, suggestion });
      } catch {
        // Without an answer nothing is said about the name; entering will tell.
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
