// SPDX-License-Identifier: Apache-2.0
// The third-party programs that the tests run the server against, and a line that names them.

import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { howlBinary } from './server.ts';

/** Where `./dev` puts the jars of an engine; undefined when they can't be had, or not be run. */
export function jarsOf(engine: 'kafka' | 'dynamodb'): string | undefined {
    const folder = fileURLToPath(new URL(`../../build/${engine}/libs`, import.meta.url));
    return existsSync(folder) && hasJava() ? folder : undefined;
}

const hasJava = (): boolean => spawnSync('java', ['-version'], { stdio: 'ignore' }).status === 0;

/** A small heap and a short warm-up, as in `./dev`. */
export const kJavaOptions = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** A program that was built beside the server under test. */
export const besideHowl = (program: string): string => join(dirname(howlBinary), program);

/** For the end of `./dev test`, which prints every line once. */
export function noteEngine(line: string): void {
    const file = process.env['HOWL_ENGINES_USED'];
    if (file !== undefined) {
        appendFileSync(file, `${line}\n`);
    }
}

/**
 * A port for an engine that can't choose its own, since it has to publish or to keep it. It lies
 * below those that the kernel gives to clients: one of them, trying to reach the engine while that
 * is down, could otherwise be given the engine's own port.
 */
export async function freePort(): Promise<number> {
    for (;;) {
        const port = 12_000 + Math.floor(Math.random() * 20_000);
        const free = await new Promise<boolean>((resolve) => {
            const probe = createServer();
            probe.on('error', () => resolve(false));
            probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
        });
        if (free) {
            return port;
        }
    }
}
