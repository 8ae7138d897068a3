// SPDX-License-Identifier: Apache-2.0
import { useEffect } from "react";
import { setWatching } from "./watch";

/** Tells the inbox that somebody looks at it, while its page is shown in a visible tab. */
export function useWatching(): void {
  useEffect(() => {
    const tell = () => setWatching(!document.hidden);
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => {
      document.removeEventListener("visibilitychange", tell);
      setWatching(false);
    };
  }, []);
}
