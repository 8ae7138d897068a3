// SPDX-License-Identifier: Apache-2.0
import { useEffect } from "react";
import { setWatching } from "./watch";

/** Marks the inbox as watched while its page is shown in a visible tab. */
export function useWatching(): void {
  useEffect(() => {
    const update = () => setWatching(!document.hidden);
    update();
    document.addEventListener("visibilitychange", update);
    return () => {
      document.removeEventListener("visibilitychange", update);
      setWatching(false);
    };
  }, []);
}
