// SPDX-License-Identifier: Apache-2.0
// Journeys through the portal: real pages in a real browser, served by the real server.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';
import type { Settings } from './harness/portal.ts';

const inBuild = (path: string) => fileURLToPath(new URL(`../../build/${path}`, import.meta.url));

// Chromium's sandbox needs user namespaces, and does not start as root; many containers refuse it.
const canSandbox =
    process.getuid?.() !== 0 && spawnSync('unshare', ['-Ur', 'true']).status === 0;

export default defineConfig<Settings>({
    testDir: '.',
    testMatch: '*.spec.ts',
    outputDir: inBuild('journeys'),
    // What failed once has failed: a journey that only sometimes arrives is a bug. CI's machine may be
    // so slow that a deadline passes; there a second try is made, and the first one is told as flaky.
    retries: process.env['CI'] === undefined ? 0 : 1,
    forbidOnly: process.env['CI'] !== undefined,
    fullyParallel: true,
    workers: 2,
    // Generous, since two cores run server, browsers and tests; what is late is not wrong.
    timeout: 90_000,
    expect: { timeout: 20_000 },
    reporter: 'list',
    use: {
        browserName: 'chromium',
        launchOptions: {
            executablePath: process.env['HOWL_CHROMIUM'] ?? '/usr/bin/chromium',
            chromiumSandbox: canSandbox,
            // A name of the server, for the journeys behind a proxy.
            args: ['--host-resolver-rules=MAP howl.example.com 127.0.0.1'],
        },
        actionTimeout: 30_000,
        trace: 'retain-on-failure',
    },
});
