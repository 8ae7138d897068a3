// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

/** Writes `.br` and `.gz` beside every file that gets smaller by it; the server picks one. */
export function precompressed(): Plugin {
  let folder = "";
  return {
    name: "precompressed",
    apply: "build",
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    // When all is written: Vite changes chunks to the last.
    async closeBundle() {
      const names = (await readdir(folder, { recursive: true })).filter((name) =>
        /\.(js|css|html|svg|json)$/.test(name),
      );
      await Promise.all(names.map((name) => compress(join(folder, name))));
    },
  };
}

async function compress(file: string): Promise<void> {
  const bytes = await readFile(file);
  const brotli = promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  const zipped = promisify(gzip)(bytes, { level: 9 });
  for (const [ending, twin] of [
    ["br", await brotli],
    ["gz", await zipped],
  ] as const) {
    if (twin.length < bytes.length) {
      await writeFile(`${file}.${ending}`, twin);
    }
  }
}
