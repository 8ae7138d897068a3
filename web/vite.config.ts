// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { lingui, linguiTransformerBabelPreset } from "@lingui/vite-plugin";
import babel from "@rolldown/plugin-babel";
import tailwindcss from "@tailwindcss/vite";
import react, { reactCompilerPreset } from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const server = process.env.HOWL_URL ?? "http://127.0.0.1:8080";

/** Writes `.br` and `.gz` beside every file that gets smaller by it; the server picks one. */
function precompressed(): Plugin {
  return {
    name: "precompressed",
    apply: "build",
    // When all is written: Vite changes chunks to the last.
    async closeBundle() {
      const folder = new URL("dist/", import.meta.url);
      const names = (await readdir(folder, { recursive: true })).filter((name) =>
        /\.(js|css|html|svg|json)$/.test(name),
      );
      await Promise.all(names.map((name) => compress(new URL(name, folder))));
    },
  };
}

async function compress(file: URL): Promise<void> {
  const bytes = await readFile(file);
  const brotli = promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  const zipped = promisify(gzip)(bytes, { level: 9 });
  for (const [ending, twin] of [
    ["br", await brotli],
    ["gz", await zipped],
  ] as const) {
    if (twin.length < bytes.length) {
      await writeFile(new URL(`${file.href}.${ending}`), twin);
    }
  }
}

export default defineConfig({
  // The presets run backwards: Lingui's macros have to be gone before the compiler looks.
  plugins: [
    react(),
    babel({ presets: [reactCompilerPreset(), linguiTransformerBabelPreset()] }),
    lingui({ failOnMissing: process.env.NODE_ENV === "production" }),
    tailwindcss(),
    precompressed(),
  ],
  resolve: { alias: { "#": fileURLToPath(new URL("src", import.meta.url)) } },
  build: {
    target: "es2024",
    // Under /assets/ every name carries a hash of its content: the server lets browsers keep those for ever.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
    modulePreload: { polyfill: false },
  },
  server: {
    host: "127.0.0.1",
    port: 5173,
    proxy: Object.fromEntries(
      ["/api", "/v1", "/v2", "/v3", "/v4", "/wisdom/connect", "/compat", "/metrics", "/healthz", "/readyz"].map(
        (path) => [path, { target: server, ws: true, changeOrigin: true, headers: { origin: server } }],
      ),
    ),
  },
  test: {
    environment: "happy-dom",
    environmentOptions: {
      happyDOM: { settings: { disableJavaScriptFileLoading: true, handleDisabledFileLoadingAsSuccess: true } },
    },
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
