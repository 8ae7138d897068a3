// SPDX-License-Identifier: Apache-2.0

/** Imports a module by its address; tests put another one in its place. */
type ImportAddress = (address: string) => Promise<unknown>;

const importAddress: ImportAddress = (address) => import(/* @vite-ignore */ address);

/**
 * A dynamic import that fetches again after a failure, each time it is called.
 *
 * Browsers from before https://github.com/whatwg/html/pull/10327 never fetch a module again that failed once, except
 * at another address. Most of them name the failed one, and only in the error. It may be one that the module itself
 * imports: then what is fetched has no `exported`, and no address helps but a reload of the page.
 */
export function retryableImport<Exports extends object>(
  load: () => Promise<Exports>,
  exported: keyof Exports & string,
  again: ImportAddress = importAddress,
): () => Promise<Exports> {
  let failedAddress: string | undefined;
  let failures = 0;
  return async () => {
    try {
      const found = failedAddress ? await again(`${failedAddress}?failures=${failures}`) : await load();
      if (!(exported in (found as object))) {
        throw new TypeError(`the module has no ${exported}`);
      }
      return found as Exports;
    } catch (error) {
      failedAddress ??= /https?:[^?\s]+/.exec(String(error))?.[0];
      failures += 1;
      throw error;
    }
  };
}
