// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";

const files = import.meta.glob<string>("./**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });

/** The folders of this page that the files of a folder import from; `""` is the page itself. */
function importsOf(folder: string): Set<string> {
  const sources = Object.entries(files).filter(([path]) => path.startsWith(`./${folder}/`));
  expect(sources.length).toBeGreaterThan(3);
  const found = sources.flatMap(([path, source]) =>
    [...source.matchAll(/from "(\.[^"]+|#\/pages[^"]*)"/g)].map(([, target = ""]) => folderOf(path, target)),
  );
  return new Set(found.filter((each) => each !== folder));
}

function folderOf(path: string, target: string): string {
  if (target.startsWith("#")) {
    return target;
  }
  const { pathname } = new URL(target, new URL(path, "http://page/"));
  return pathname.split("/").slice(1, -1).join("/");
}

test("the two widgets share nothing but the store", () => {
  expect([...importsOf("instances")]).toEqual(["store"]);
  expect([...importsOf("worklog")]).toEqual(["store"]);
});

test("the store knows of no widget", () => {
  expect([...importsOf("store")]).toEqual([]);
});
