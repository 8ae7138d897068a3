// SPDX-License-Identifier: Apache-2.0
// The server's memory, from the kernel.

import { readFileSync } from 'node:fs';

export const kMiB = 1024 * 1024;

/** In bytes: what is resident now (`VmRSS`), or was at most (`VmHWM`). */
export function memoryOf(of: { pid: number }, what: 'VmRSS' | 'VmHWM' = 'VmRSS'): number {
    return statusKib(of, what) * 1024;
}

/** A sanitizer reserves terabytes for its shadow, and keeps what is freed; its figures mean nothing. */
export function isInstrumented(of: { pid: number }): boolean {
    return statusKib(of, 'VmSize') > 1_000_000_000;
}

function statusKib(of: { pid: number }, field: string): number {
    const status = readFileSync(`/proc/${of.pid}/status`, 'latin1');
    return Number(new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(status)?.[1]);
}
