// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config';

// Two workers: the server under test needs the cores more than we do.
export default defineConfig({
    test: {
        include: ['integration/**/*.test.ts', 'conformance/**/*.test.ts'],
        pool: 'forks',
        // What failed once has failed. CI's machine may be so slow that a deadline passes; there a
        // second try is made, and the report says "(retry x1)".
        retry: process.env['CI'] === undefined ? 0 : 1,
        maxWorkers: 2,
        minWorkers: 1,
        maxConcurrency: 32,
        testTimeout: 20_000,
        hookTimeout: 45_000,
        teardownTimeout: 10_000,
    },
});
