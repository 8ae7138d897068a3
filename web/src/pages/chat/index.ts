// SPDX-License-Identifier: Apache-2.0
import type { Catalogues } from "#/i18n/i18n";

export { ChatPage as default } from "./ChatPage";

export const catalogues: Catalogues = {
  en: () => import("./locales/en.po"),
  ru: () => import("./locales/ru.po"),
};
