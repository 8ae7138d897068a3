// SPDX-License-Identifier: Apache-2.0

/** Web storage that never throws. Where the browser refuses it, or it is full, values are lost with the page. */
export interface SafeStorage {
  get(key: string): string | null;
  /** null removes it. */
  set(key: string, value: string | null): void;
}

/** The storage is looked up each time: where it is refused, reading the property throws already. */
export function safeStorage(storage: () => Storage): SafeStorage {
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
export const browserStorage = safeStorage(() => localStorage);
/** Kept for this tab until it is closed. */
export const tabStorage = safeStorage(() => sessionStorage);
