// SPDX-License-Identifier: Apache-2.0
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Bell, Cloud, FileClock, House, type LucideIcon, MessagesSquare, PawPrint } from "lucide-react";
import { addressOf, type PageName, pageNames, paths } from "./paths";

/** An entry of the navigation. */
export interface PageLink {
  name: PageName;
  /** The route pattern. */
  path: string;
  to: string;
  title: MessageDescriptor;
  icon: LucideIcon;
  /** `KeyboardEvent.code` of the key pressed after `g`. */
  key: string;
}

const looks: Record<PageName, Pick<PageLink, "title" | "icon" | "key">> = {
  home: { title: msg`Home`, icon: House, key: "KeyH" },
  chat: { title: msg`Chat`, icon: MessagesSquare, key: "KeyC" },
  cloud: { title: msg`Cloud`, icon: Cloud, key: "KeyD" },
  reports: { title: msg`Reports`, icon: FileClock, key: "KeyR" },
  wisdom: { title: msg`Wisdom`, icon: PawPrint, key: "KeyW" },
  messages: { title: msg`Messages`, icon: Bell, key: "KeyM" },
};

export const pageLinks: readonly PageLink[] = pageNames.map((name) => ({
  name,
  path: paths[name],
  to: addressOf(name),
  ...looks[name],
}));
