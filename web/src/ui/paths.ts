// SPDX-License-Identifier: Apache-2.0
// The pages of the portal. The build reads this file, too, and writes the list for the server (vite/pageList.ts): data only.

/** Route patterns; all paths below a page belong to it. */
export const paths = {
  home: "/",
  chat: "/chat",
  cloud: "/cloud/:id?",
  reports: "/reports/:id?",
  wisdom: "/wisdom",
  messages: "/messages",
} as const;

export type PageName = keyof typeof paths;

/** In display order. */
export const pageNames = Object.keys(paths) as readonly PageName[];

/** The URL path of a page. */
export function addressOf(name: PageName): string {
  return paths[name].replace(/\/:.*/, "");
}
