// SPDX-License-Identifier: Apache-2.0
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
    async generateBundle(_options, bundle) {
      const twins = Object.values(bundle)
        .filter((file) => /\.(js|css|html|svg|json)$/.test(file.fileName))
        .map(async (file) => {
          const bytes = Buffer.from(file.type === "chunk" ? file.code : file.source);
          const [br, gz] = await Promise.all([
            promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
            promisify(gzip)(bytes, { level: 9 }),
          ]);
          for (const [ending, source] of [
            ["br", br],
            ["gz", gz],
          ] as const) {
            if (source.length < bytes.length) {
              this.emitFile({ type: "asset", fileName: `${file.fileName}.${ending}`, source });
            }
          }
        });
      await Promise.all(twins);
    },
  };
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
    target: "es2023",
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
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
