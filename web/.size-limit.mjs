// SPDX-License-Identifier: Apache-2.0
// What the built pages may weigh, as they go over the wire. `./dev test` asks.
import { readFileSync } from "node:fs";

/** The entry and what it imports at once: `index.html` names them all, so that they load side by side. */
function initialScripts() {
  const html = readFileSync(new URL("dist/index.html", import.meta.url), "utf8");
  return [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(([, path]) => `dist/${path}`);
}

const pages = ["home", "chat", "cloud", "reports", "wisdom", "messages"];

export default [
  { name: "JavaScript before the first page", path: initialScripts(), gzip: true, limit: "150 kB" },
  ...pages.map((page) => ({ name: `Page ${page}`, path: `dist/assets/${page}-*.js`, gzip: true, limit: "30 kB" })),
  { name: "Styles", path: "dist/assets/*.css", gzip: true, limit: "20 kB" },
  // They are compressed already.
  { name: "Fonts", path: "dist/assets/*.woff2", brotli: false, limit: "70 kB" },
];
