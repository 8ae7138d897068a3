// SPDX-License-Identifier: Apache-2.0
import type { Plugin, Rolldown } from "vite";

type Bundle = Rolldown.OutputBundle;
type Chunk = Rolldown.OutputChunk;

/** What a page asks the server for as soon as it is there. */
const data: Record<string, string> = { cloud: "api/cloud/instances" };

/**
 * Names in `index.html` what each page needs beside the entry: its own script, its texts, its data. The browser fetches them at
 * once, instead of when the entry has come and asks for them: one round trip less before the first page.
 */
export function preloaded(): Plugin {
  return {
    name: "preloaded",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      // Before the styles, as a script behind them waits for them.
      handler: (html, { bundle }) =>
        bundle ? html.replace(/ *<script type="module"/, (entry) => `${scriptFor(needsOf(bundle))}${entry}`) : html,
    },
  };
}

/** By page, then by language: paths on the server. */
type Needs = Record<string, Record<string, string[]>>;

function needsOf(bundle: Bundle): Needs {
  const chunks = Object.values(bundle).filter((file): file is Chunk => file.type === "chunk");
  const entry = chunks.filter(({ isEntry }) => isEntry);
  const before = new Set(entry.flatMap((chunk) => withImports(chunk, bundle)));
  const made = (from: RegExp) =>
    chunks.flatMap((chunk) => {
      const found = from.exec(chunk.facadeModuleId ?? "");
      return found ? [{ chunk, names: found.slice(1) }] : [];
    });
  const texts = made(/\/(?:pages\/)?([^/]+)\/locales\/([^/]+)\.po/);
  const needs: Needs = {};
  for (const page of made(/\/pages\/([^/]+)\/index\.ts$/)) {
    const [name = ""] = page.names;
    const always = withImports(page.chunk, bundle).filter((file) => !before.has(file));
    always.push(...(data[name] ? [data[name]] : []));
    needs[name] = {};
    for (const { names, chunk } of texts) {
      const [owner, language = ""] = names;
      if (owner === name || owner === "i18n") {
        needs[name][language] = [...(needs[name][language] ?? always), chunk.fileName];
      }
    }
  }
  return needs;
}

function withImports(chunk: Chunk, bundle: Bundle, seen = new Set<string>()): string[] {
  if (!seen.has(chunk.fileName)) {
    seen.add(chunk.fileName);
    for (const name of chunk.imports) {
      const imported = bundle[name];
      if (imported?.type === "chunk") {
        withImports(imported, bundle, seen);
      }
    }
  }
  return [...seen];
}

/** Runs behind the script of `index.html` that finds the language out. */
function scriptFor(needs: Needs): string {
  return `    <script>
      {
        const page = ${JSON.stringify(needs)}[location.pathname.split("/")[1] || "home"];
        for (const path of page?.[document.documentElement.lang] ?? []) {
          const link = path.endsWith(".js") ? { rel: "modulepreload" } : { rel: "preload", as: "fetch" };
          const { head } = document;
          head.append(Object.assign(document.createElement("link"), { href: "/" + path, crossOrigin: "" }, link));
        }
      }
    </script>
`;
}
