// SPDX-License-Identifier: Apache-2.0
// A disk that a test can fill: a small tmpfs, so the test needs the right to mount one.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory on a file system of 8 MiB; undefined where there can be none, which is printed. */
export function mountSmallDisk(): string | undefined {
    const path = mkdtempSync(join(tmpdir(), 'howl-disk-'));
    try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'none', path], { stdio: 'pipe' });
        return path;
    } catch (error) {
        rmSync(path, { recursive: true });
        const why = error instanceof Error ? (error.message.split('\n')[1] ?? error.message) : '';
        console.log(`disk full: skipped, cannot mount a tmpfs here (${why})`);
        return undefined;
    }
}

export function unmountSmallDisk(path: string): void {
    execFileSync('umount', [path]);
    rmSync(path, { recursive: true });
}
