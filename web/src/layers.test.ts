// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";

/** Each folder may import from those before it, and from its own row; a page from no other page, and nothing from the app. */
const rows = [["contract"], ["transport"], ["live"], ["settings", "api", "i18n", "ui"], ["pages"], ["app", ""]];

const files = import.meta.glob<string>("./**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true });

/** All imports, as paths from here: `pages/cloud/store/words.ts` and `ui/toast`. */
const imports = Object.entries(files).flatMap(([path, source]) =>
  [...source.matchAll(/(?:\bfrom|\bimport|\bimport\(|\bmock\()\s*"((?:#\/|\.)[^"]*)"/g)].map(([, target = ""]) => ({
    from: path.slice(2),
    to: target.startsWith("#/") ? target.slice(2) : new URL(target, new URL(path, "http://web/")).pathname.slice(1),
  })),
);

/** The file before everything else, `main.tsx`, is in no folder. */
const folderOf = (path: string) => path.split("/").slice(0, -1)[0] ?? "";
const rowOf = (path: string) => rows.findIndex((row) => row.includes(folderOf(path)));
const pageOf = (path: string) => /^pages\/([^/]+)/.exec(path)?.[1] ?? null;
const shown = (found: typeof imports) => found.map(({ from, to }) => `${from} -> ${to}`);

test("every folder has its layer", () => {
  expect(imports.length).toBeGreaterThan(300);
  expect(imports.flatMap(({ from, to }) => [from, to]).filter((path) => rowOf(path) < 0)).toEqual([]);
});

test("no layer knows of one above it", () => {
  expect(shown(imports.filter(({ from, to }) => rowOf(to) > rowOf(from)))).toEqual([]);
});

test("no page knows of another", () => {
  const ofPages = imports.filter(({ from }) => pageOf(from) !== null);
  expect(shown(ofPages.filter(({ from, to }) => pageOf(to) !== null && pageOf(to) !== pageOf(from)))).toEqual([]);
});

const partOf = (path: string) => /^pages\/cloud\/([^/]+)\//.exec(path)?.[1] ?? null;

test.each<[string, string[]]>([
  ["instances", ["store"]],
  ["worklog", ["store"]],
  ["store", []],
])("of the cloud page's parts, %s knows of no other than %j", (part, known) => {
  const own = imports.filter(({ from, to }) => partOf(from) === part && pageOf(to) === "cloud");
  expect(own.length).toBeGreaterThan(3);
  expect(shown(own.filter(({ to }) => partOf(to) !== part && !known.includes(partOf(to) ?? "")))).toEqual([]);
});
