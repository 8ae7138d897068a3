// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from "node:url";
import { lingui, linguiTransformerBabelPreset } from "@lingui/vite-plugin";
import babel from "@rolldown/plugin-babel";
import tailwindcss from "@tailwindcss/vite";
import react, { reactCompilerPreset } from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { pageList } from "./vite/pageList.ts";
import { precompressed } from "./vite/precompressed.ts";
import { preloaded } from "./vite/preloaded.ts";

const server = process.env.HOWL_URL ?? "http://127.0.0.1:8080";

/** What several pages share, but not the chat, which is the heaviest one: the event stream, some of the kit. */
const notForChat =
  /\/src\/(live\/(shared\/|cursor|envelope|feed|subscription|live\.|roundTrip)|transport\/eventStream|ui\/(Badge|Chip|ConfirmDialog|ShortId|VirtualFeed|holdBack|selectedText|rovingIndex))/;

export default defineConfig({
  // The presets run backwards: Lingui's macros have to be gone before the compiler looks.
  plugins: [
    react(),
    babel({ presets: [reactCompilerPreset(), linguiTransformerBabelPreset()] }),
    lingui({ failOnMissing: process.env.NODE_ENV === "production" }),
    tailwindcss(),
    preloaded(),
    pageList(),
    precompressed(),
  ],
  resolve: { alias: { "#": fileURLToPath(new URL("src", import.meta.url)) } },
  build: {
    target: "es2024",
    // Under /assets/ every name carries a hash of its content: the server lets browsers keep those for ever.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        // Few files: over HTTP/1.1 a browser fetches six at a time.
        codeSplitting: {
          groups: [
            { name: "shell", tags: ["$initial"], priority: 2 },
            { name: "lists", test: /@tanstack/, priority: 1 },
            { name: "checks", test: /valibot/, priority: 1 },
            { name: "others", test: notForChat, priority: 1, includeDependenciesRecursively: false },
            { name: "shared", test: /^(?!.*\/src\/pages\/)/, minShareCount: 2 },
          ],
        },
      },
    },
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
