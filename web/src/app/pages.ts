// SPDX-License-Identifier: Apache-2.0
import { type ComponentType, lazy } from "react";
import { addCatalogues, type Catalogues } from "#/i18n/i18n";
import { type PageName, type Place, places } from "#/ui/places";

/** What a page's `index.ts` exports. */
interface PageModule {
  default: ComponentType;
  catalogues: Catalogues;
}

interface PageEntry extends Place {
  Content: ComponentType;
}

/** A page with its texts, loaded when it is first shown. */
function page(load: () => Promise<PageModule>): ComponentType {
  return lazy(async () => {
    const module = await load();
    await addCatalogues(module.catalogues);
    return module;
  });
}

const contents: Record<PageName, ComponentType> = {
  home: page(() => import("#/pages/home")),
  chat: page(() => import("#/pages/chat")),
  cloud: page(() => import("#/pages/cloud")),
  reports: page(() => import("#/pages/reports")),
  wisdom: page(() => import("#/pages/wisdom")),
  messages: page(() => import("#/pages/messages")),
};

export const pages: readonly PageEntry[] = places.map((place) => ({ ...place, Content: contents[place.name] }));
