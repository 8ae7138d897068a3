// SPDX-License-Identifier: Apache-2.0
// The commands of the `howl` program, run as a user would run them.

import { type ChildProcess, spawn } from 'node:child_process';
import { howlBinary } from './server_process.ts';
import { Mailbox, within } from './wait.ts';

export interface Outcome {
    code: number | null;
    out: string;
    err: string;
}

/** Descriptors in the place of pipes, and variables beside those of this process. */
export interface Surroundings {
    stdin?: number;
    stdout?: number;
    stderr?: number;
    env?: Record<string, string>;
    cwd?: string;
}

/** One process, whose lines arrive as they come. */
export class Howl {
    out = '';
    err = '';
    readonly lines = new Mailbox<string>();
    readonly process: ChildProcess;
    readonly exited: Promise<number | null>;
    private partial = '';

    constructor(words: string[], surroundings: Surroundings = {}) {
        const { stdin, stdout, stderr } = surroundings;
        this.process = spawn(howlBinary, words, {
            stdio: [stdin ?? 'pipe', stdout ?? 'pipe', stderr ?? 'pipe'],
            env: { ...process.env, ...surroundings.env },
            ...(surroundings.cwd === undefined ? {} : { cwd: surroundings.cwd }),
        });
        this.process.stdout?.on('data', (chunk: Buffer) => this.take(chunk.toString()));
        this.process.stderr?.on('data', (chunk: Buffer) => (this.err += chunk.toString()));
        this.process.stdin?.on('error', () => {}); // It may end before it has read its input.
        this.exited = new Promise((resolve) => this.process.on('close', resolve));
    }

    private take(text: string): void {
        this.out += text;
        const lines = (this.partial + text).split('\n');
        this.partial = lines.pop() ?? '';
        lines.forEach((line) => this.lines.put(line));
    }
}

/** A command that ends by itself. */
export async function howl(words: string[], input = ''): Promise<Outcome> {
    return howlWith({}, words, input);
}

export async function howlWith(
    surroundings: Surroundings,
    words: string[],
    input = '',
): Promise<Outcome> {
    const run = new Howl(words, surroundings);
    run.process.stdin?.end(input);
    const ended = within(run.exited, `howl ${words.join(' ')} ends`);
    const code = await ended.finally(() => run.process.kill('SIGKILL'));
    return { code, out: run.out, err: run.err };
}
