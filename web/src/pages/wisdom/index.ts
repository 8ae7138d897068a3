// SPDX-License-Identifier: Apache-2.0
import type { Catalogues } from "#/i18n/i18n";

export { WisdomPage as default } from "./WisdomPage";

export const catalogues: Catalogues = {
  en: () => import("./locales/en.po"),
  ru: () => import("./locales/ru.po"),
};
