// SPDX-License-Identifier: Apache-2.0
// howl-bench, the load client, beside the server under test.

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { howlBinary, type Server } from './server_process.ts';

const program = join(dirname(howlBinary), 'howl-bench');

export const hasLoadClient = existsSync(program);

export interface Run {
    status: number | null;
    /** Its measurements; undefined where it failed before. */
    figures: Record<string, unknown> | undefined;
    /** Its output about progress and failures. */
    words: string;
}

/** One scenario of `howl-bench` against `server`, with its options as on the command line. */
export async function load(server: Server, scenario: string, options: string): Promise<Run> {
    const where = ['--url', server.url, '--server-pid', String(server.pid), '--json'];
    const child = spawn(program, [scenario, ...options.split(' '), ...where]);
    let printed = '';
    let words = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (words += chunk.toString()));
    const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
    const figures = printed.startsWith('{') ? JSON.parse(printed) : undefined;
    return { status, figures, words };
}
