// SPDX-License-Identifier: Apache-2.0
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Bell, Cloud, FileClock, House, type LucideIcon, MessagesSquare, PawPrint } from "lucide-react";

/** What there is to say of a page: one line each. A page is a folder `pages/<name>/` besides. */
interface PageLook {
  /** The route pattern; all paths below a page belong to it. Its first segment is the name, but the home page has none. */
  path: string;
  title: MessageDescriptor;
  icon: LucideIcon;
  /** `KeyboardEvent.code` of the key pressed after `g`. */
  key: string;
}

/** In display order. */
const looks = {
  home: { path: "/", title: msg`Home`, icon: House, key: "KeyH" },
  chat: { path: "/chat", title: msg`Chat`, icon: MessagesSquare, key: "KeyC" },
  cloud: { path: "/cloud/:id?", title: msg`Cloud`, icon: Cloud, key: "KeyD" },
  reports: { path: "/reports/:id?", title: msg`Reports`, icon: FileClock, key: "KeyR" },
  wisdom: { path: "/wisdom", title: msg`Wisdom`, icon: PawPrint, key: "KeyW" },
  messages: { path: "/messages", title: msg`Messages`, icon: Bell, key: "KeyM" },
} satisfies Record<string, PageLook>;

export type PageName = keyof typeof looks;

/** An entry of the navigation. */
export interface PageLink extends PageLook {
  name: PageName;
  /** The URL path. */
  to: string;
}

export const pageLinks: readonly PageLink[] = (Object.keys(looks) as PageName[]).map((name) => ({
  ...looks[name],
  name,
  to: looks[name].path.replace(/\/:.*/, ""),
}));
