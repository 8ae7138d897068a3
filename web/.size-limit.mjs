// SPDX-License-Identifier: Apache-2.0
// What the built pages may weigh, as they go over the wire. `./dev test` asks.
import { readFileSync } from "node:fs";

const html = readFileSync(new URL("dist/index.html", import.meta.url), "utf8");

/** The entry and what it imports at once. */
const initial = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path]) => `dist/${path}`);

/** What each page needs beside it, in English: see vite/preloaded.ts. */
const needs = JSON.parse(/const page = (\{.*\})\[/.exec(html)[1]);
const chat = needs.chat.en.map((path) => `dist/${path}`);

const pages = Object.keys(needs).map((page) => ({
  name: `Page ${page}, its own`,
  path: `dist/assets/${page}-*.js`,
  gzip: true,
  limit: "25 kB",
}));

export default [
  { name: "JavaScript before the chat can be used", path: [...initial, ...chat], gzip: true, limit: "150 kB" },
  ...pages,
  { name: "Styles", path: "dist/assets/*.css", gzip: true, limit: "20 kB" },
  // They are compressed already.
  { name: "Fonts", path: "dist/assets/*.woff2", brotli: false, limit: "70 kB" },
];
