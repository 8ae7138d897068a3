// SPDX-License-Identifier: Apache-2.0

/** What pages keep. Where the browser refuses its storage, or it is full, things live as long as the page. */
export interface Keeper {
  get(key: string): string | null;
  /** null takes it away. */
  set(key: string, value: string | null): void;
}

/** Asked for anew each time: where it is refused, naming it throws already. */
export function keeperIn(storage: () => Storage): Keeper {
  return {
    get: (key) => {
      try {
        return storage().getItem(key);
      } catch {
        return null;
      }
    },
    set: (key, value) => {
      try {
        if (value === null) {
          storage().removeItem(key);
        } else {
          storage().setItem(key, value);
        }
      } catch {
        // Refused or full.
      }
    },
  };
}

/** Kept in this browser, for all of its tabs. */
export const browserKeeper = keeperIn(() => localStorage);
/** Kept for this tab until it is closed. */
export const tabKeeper = keeperIn(() => sessionStorage);
