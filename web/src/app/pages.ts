// SPDX-License-Identifier: Apache-2.0
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Bell, Cloud, FileClock, House, type LucideIcon, MessagesSquare, PawPrint } from "lucide-react";
import { type ComponentType, lazy } from "react";
import { addCatalogues, type Catalogues } from "#/i18n/i18n";

/** What a page's `index.ts` exports. */
interface PageModule {
  default: ComponentType;
  catalogues: Catalogues;
}

export type PageName = "home" | "chat" | "cloud" | "reports" | "wisdom" | "messages";

interface PageEntry {
  name: PageName;
  /** For the router: what lies below a page belongs to it. */
  path: string;
  to: string;
  title: MessageDescriptor;
  icon: LucideIcon;
  /** Pressed after `g`, by its place on the keyboard. */
  key: string;
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

export const pages: readonly PageEntry[] = [
  {
    name: "home",
    path: "/",
    to: "/",
    title: msg`Home`,
    icon: House,
    key: "KeyH",
    Content: page(() => import("#/pages/home")),
  },
  {
    name: "chat",
    path: "/chat",
    to: "/chat",
    title: msg`Chat`,
    icon: MessagesSquare,
    key: "KeyC",
    Content: page(() => import("#/pages/chat")),
  },
  {
    name: "cloud",
    path: "/cloud/:id?",
    to: "/cloud",
    title: msg`Cloud`,
    icon: Cloud,
    key: "KeyD",
    Content: page(() => import("#/pages/cloud")),
  },
  {
    name: "reports",
    path: "/reports/:id?",
    to: "/reports",
    title: msg`Reports`,
    icon: FileClock,
    key: "KeyR",
    Content: page(() => import("#/pages/reports")),
  },
  {
    name: "wisdom",
    path: "/wisdom",
    to: "/wisdom",
    title: msg`Wisdom`,
    icon: PawPrint,
    key: "KeyW",
    Content: page(() => import("#/pages/wisdom")),
  },
  {
    name: "messages",
    path: "/messages",
    to: "/messages",
    title: msg`Messages`,
    icon: Bell,
    key: "KeyM",
    Content: page(() => import("#/pages/messages")),
  },
];
