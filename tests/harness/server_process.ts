// SPDX-License-Identifier: Apache-2.0
// The server under test: the real binary, in its own data directory, on a port it chose itself.
// No test runner is imported here, since Vitest and Playwright both start servers.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Address } from './verbs.ts';
import { kPatienceMs, within } from './wait.ts';

/** HOWL_BINARY names another build, for instance the ASan one. */
export const howlBinary =
    process.env['HOWL_BINARY'] ??
    fileURLToPath(new URL('../../build/release/howl', import.meta.url));

export interface ServerOptions {
    /** Text of the configuration file; see `settings.ts`. A function is asked at each start. */
    config?: string | (() => string);
    /** Kept by the caller; without it the server gets a directory that goes with it. */
    dataDir?: string;
    /** Further arguments of `howl serve`. */
    args?: string[];
    /**
     * `own`, which is the default: every endpoint on one port, the same one after a restart. `config`:
     * those of `config`, the first of them with the `api` endpoint; see `Server.listeners`.
     */
    listeners?: 'own' | 'config';
    env?: Record<string, string>;
    /** A command that runs the one behind it as the same process; see `MemoryCgroup`. */
    prefix?: string[];
}

/** Those of this process that were not discarded yet. */
export const servers = new Set<Server>();

export interface Exit {
    code: number | null;
    signal: NodeJS.Signals | null;
}

/** One server process and its successors on the same port and data. */
export class Server {
    /** In the order of the configuration; free ports are other ones after each start. */
    listeners: Address[] = [];
    port = 0;
    readonly dataDir: string;
    private readonly home: string;
    private child: ChildProcess | undefined;
    private exited: Promise<Exit> = Promise.resolve({ code: 0, signal: null });
    private errorOutput = '';

    constructor(private readonly options: ServerOptions = {}) {
        this.home = mkdtempSync(join(tmpdir(), 'howl-test-'));
        this.dataDir = options.dataDir ?? join(this.home, 'data');
        servers.add(this);
    }

    get url(): string {
        return `http://127.0.0.1:${this.port}`;
    }

    get pid(): number {
        return this.child?.pid ?? 0;
    }

    /** What the server has logged so far. */
    get log(): string {
        return this.errorOutput;
    }

    /** Completes when the server has printed the address it serves. */
    async start(): Promise<void> {
        if (!existsSync(howlBinary)) {
            throw new Error(`no server binary at ${howlBinary}: build it, or set HOWL_BINARY`);
        }
        const [program = howlBinary, ...line] = [
            ...(this.options.prefix ?? []),
            howlBinary,
            ...this.commandLine(),
        ];
        const child = spawn(program, line, {
            stdio: ['ignore', 'pipe', 'pipe'],
            env: { ...process.env, ...this.options.env },
        });
        this.child = child;
        this.exited = new Promise((resolve) => {
            child.on('exit', (code, signal) => resolve({ code, signal }));
        });
        child.stderr.on('data', (chunk: Buffer) => {
            this.errorOutput = (this.errorOutput + chunk.toString()).slice(-1_000_000);
        });
        const ports = await within(this.printedPorts(child), 'the server prints its addresses');
        this.listeners = ports.map((port) => ({ port, url: `http://127.0.0.1:${port}` }));
        this.port = this.listeners[0]?.port ?? 0;
    }

    /** The listener that stands in place `at` of the configuration. */
    listener(at: number): Address {
        const found = this.listeners[at];
        if (found === undefined) {
            throw new Error(`there are ${this.listeners.length} listeners, none in place ${at}`);
        }
        return found;
    }

    /** SIGTERM: an orderly shutdown. Completes with what the process left behind. */
    async stop(ms = 35_000): Promise<Exit> {
        this.child?.kill('SIGTERM');
        return this.exit(ms);
    }

    signal(name: NodeJS.Signals): void {
        this.child?.kill(name);
    }

    exit(ms = kPatienceMs): Promise<Exit> {
        return within(this.exited, 'the server exits', ms);
    }

    async kill9(): Promise<void> {
        this.child?.kill('SIGKILL');
        await this.exit();
    }

    async restart(how: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
        await (how === 'SIGTERM' ? this.stop() : this.kill9());
        await this.start();
    }

    /** Stops and deletes everything of this server, whatever state the test left it in. */
    async discard(): Promise<void> {
        servers.delete(this);
        this.child?.kill('SIGKILL');
        await this.exited;
        rmSync(this.home, { recursive: true, force: true });
    }

    private commandLine(): string[] {
        const line = ['serve', '--data-dir', this.dataDir];
        if (this.options.listeners !== 'config') {
            line.push('--listen', `127.0.0.1:${this.port}`);
        }
        if (this.options.config !== undefined) {
            const file = join(this.home, 'howl.toml');
            const { config } = this.options;
            writeFileSync(file, typeof config === 'string' ? config : config());
            line.push('--config', file);
        }
        return [...line, ...(this.options.args ?? [])];
    }

    /** One line for each listener, then one that says where the events are. */
    private printedPorts(child: ChildProcess): Promise<number[]> {
        return new Promise((resolve, reject) => {
            let printed = '';
            child.stdout?.on('data', (chunk: Buffer) => {
                printed += chunk.toString();
                if (/^events are kept in /m.test(printed)) {
                    const addresses = printed.matchAll(/http:\/\/127\.0\.0\.1:(\d+)/g);
                    resolve([...addresses].map(([, port]) => Number(port)));
                }
            });
            child.on('error', reject);
            child.on('exit', (code, signal) => {
                reject(new Error(`server ended early (${code ?? signal}):\n${this.errorOutput}`));
            });
        });
    }
}
