// SPDX-License-Identifier: Apache-2.0
// The server under test, as Vitest's files use it.

import { afterAll, beforeAll, expect } from 'vitest';
import { Server, type ServerOptions, servers } from './server_process.ts';
import { publish, sse } from './verbs.ts';

export { type Exit, howlBinary, Server, type ServerOptions } from './server_process.ts';

/**
 * A server for one test file. After the file's last test it must still serve a newcomer, must be
 * the process that was started last (it has not crashed), and must shut down in order.
 */
export function useServer(options: ServerOptions = {}): Server {
    const server = new Server(options);
    beforeAll(() => server.start());
    afterAll(async () => {
        try {
            await expectServesNewcomer(server);
            expect(await server.stop()).toEqual({ code: 0, signal: null });
        } catch (failure) {
            console.error(`log of the server that failed:\n${server.log.slice(-4000)}`);
            // A hook that fails is the last one to run, so it stops every server of the file.
            await Promise.all([...servers].map((other) => other.discard()));
            throw failure;
        }
        await server.discard();
    });
    return server;
}

/** For tests that start and stop servers themselves; `use` gets one that is up. */
export async function withServer(
    options: ServerOptions,
    use: (server: Server) => Promise<void>,
): Promise<void> {
    const server = new Server(options);
    try {
        await server.start();
        await use(server);
    } catch (failure) {
        console.error(`log of the server that failed:\n${server.log.slice(-4000)}`);
        throw failure;
    } finally {
        await server.discard();
    }
}

/** A fresh client can connect, subscribe and receive. */
export async function expectServesNewcomer(server: Server): Promise<void> {
    const stream = await sse(server, 'newcomer');
    await publish(server, 'newcomer', 'still alive');
    expect((await stream.next('the newcomer hears an event')).data).toBe('still alive');
    stream.close();
}
