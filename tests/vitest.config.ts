// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from 'vitest/config';

// Two workers: the server under test needs the cores more than we do.
export default defineConfig({
    test: {
        include: ['integration/**/*.test.ts', 'conformance/**/*.test.ts'],
        pool: 'forks',
        maxWorkers: 2,
        minWorkers: 1,
        maxConcurrency: 32,
        testTimeout: 20_000,
        hookTimeout: 45_000,
        teardownTimeout: 10_000,
    },
});
