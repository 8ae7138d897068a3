// SPDX-License-Identifier: Apache-2.0
import { i18n, type Messages } from "@lingui/core";
import { type Locale, useSettings } from "#/settings/settings";
import { retryableImport } from "#/transport/retryableImport";

type Catalogue = () => Promise<{ messages: Messages }>;
/** A page's texts, one lazy chunk for each language. */
export type Catalogues = Record<Locale, Catalogue>;

/** Of imports of one module for each language. */
export function catalogues(imports: Catalogues): Catalogues {
  return { en: retryableImport(imports.en, "messages"), ru: retryableImport(imports.ru, "messages") };
}

const shell = catalogues({
  en: () => import("./locales/en.po"),
  ru: () => import("./locales/ru.po"),
});

const inUse = new Set<Catalogues>([shell]);

async function load(locale: Locale, wanted: Iterable<Catalogues>): Promise<void> {
  const loaded = await Promise.all([...wanted].map((each) => each[locale]()));
  i18n.load(locale, Object.assign({}, ...loaded.map((each) => each.messages)));
}

/** Loads the texts of everything in use and switches to the language, without a reload; the last call wins. */
export async function activate(locale: Locale): Promise<void> {
  await load(locale, inUse);
  if (useSettings.getState().locale === locale) {
    document.documentElement.lang = locale;
    i18n.activate(locale);
  }
}

/** Loads a page's texts; to be awaited before the page is rendered. A second call waits for the same texts. */
export async function addCatalogues(ofPage: Catalogues): Promise<void> {
  inUse.add(ofPage);
  await load(useSettings.getState().locale, [ofPage]);
}

useSettings.subscribe((now, before) => {
  if (now.locale !== before.locale) {
    void activate(now.locale);
  }
});
