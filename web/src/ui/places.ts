// SPDX-License-Identifier: Apache-2.0
import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Bell, Cloud, FileClock, House, type LucideIcon, MessagesSquare, PawPrint } from "lucide-react";

export type PageName = "home" | "chat" | "cloud" | "reports" | "wisdom" | "messages";

/** Where one can go in the portal. */
export interface Place {
  name: PageName;
  /** For the router: what lies below a page belongs to it. */
  path: string;
  to: string;
  title: MessageDescriptor;
  icon: LucideIcon;
  /** Pressed after `g`, by its place on the keyboard. */
  key: string;
}

export const places: readonly Place[] = [
  { name: "home", path: "/", to: "/", title: msg`Home`, icon: House, key: "KeyH" },
  { name: "chat", path: "/chat", to: "/chat", title: msg`Chat`, icon: MessagesSquare, key: "KeyC" },
  { name: "cloud", path: "/cloud/:id?", to: "/cloud", title: msg`Cloud`, icon: Cloud, key: "KeyD" },
  { name: "reports", path: "/reports/:id?", to: "/reports", title: msg`Reports`, icon: FileClock, key: "KeyR" },
  { name: "wisdom", path: "/wisdom", to: "/wisdom", title: msg`Wisdom`, icon: PawPrint, key: "KeyW" },
  { name: "messages", path: "/messages", to: "/messages", title: msg`Messages`, icon: Bell, key: "KeyM" },
];
