// SPDX-License-Identifier: Apache-2.0
import type { Messages } from "@lingui/core";
import { type ComponentType, lazy } from "react";
import { addCatalogues, type Catalogues, catalogues } from "#/i18n/i18n";
import { retryableImport } from "#/transport/retryableImport";
import { type PageLink, type PageName, pageLinks } from "#/ui/pageLinks";

/** What a page's `index.ts` exports. */
interface PageModule {
  default: ComponentType;
}

interface PageEntry extends PageLink {
  Content: ComponentType;
  /** Fetches it, so that rendering need not wait. */
  fetch: () => Promise<PageModule>;
}

const modules = import.meta.glob<PageModule>("../pages/*/index.ts");
const textFiles = import.meta.glob<{ messages: Messages }>("../pages/*/locales/*.po");

function moduleOf(name: PageName) {
  const found = modules[`../pages/${name}/index.ts`];
  if (!found) {
    throw new Error(`page ${name} has no index.ts`);
  }
  return found;
}

function cataloguesOf(name: PageName): Catalogues {
  const of = (locale: string) => {
    const found = textFiles[`../pages/${name}/locales/${locale}.po`];
    if (!found) {
      throw new Error(`page ${name} has no texts in ${locale}`);
    }
    return found;
  };
  return catalogues({ en: of("en"), ru: of("ru") });
}

/** A page with its texts, fetched in parallel when one of the two is first needed. */
function entryOf(place: PageLink): PageEntry {
  const texts = cataloguesOf(place.name);
  const load = retryableImport(moduleOf(place.name), "default");
  const fetch = async () => {
    const [module] = await Promise.all([load(), addCatalogues(texts)]);
    return module;
  };
  return { ...place, fetch, Content: lazy(fetch) };
}

export const pages: readonly PageEntry[] = pageLinks.map(entryOf);

/** The page of a path, including all paths below it. */
export function pageAt(path: string): PageEntry | undefined {
  const first = `/${path.split("/")[1] ?? ""}`;
  return pages.find(({ to }) => to === first);
}
