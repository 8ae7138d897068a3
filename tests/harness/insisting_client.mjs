// SPDX-License-Identifier: Apache-2.0
// Shared by the crash writers: a client in a process of its own, so that a crash of the server
// can't end the oracle. What was acknowledged is on disk before the next command is sent. Plain JavaScript, since it runs beside the test runner. Ends when the process's input does.

import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { Agent, request } from 'node:http';

export class InsistingClient {
    ending = false;

    constructor(port, connections, file) {
        this.port = port;
        this.log = openSync(file, 'a');
        this.agent = new Agent({ keepAlive: true, maxSockets: connections });
        process.stdin.on('end', () => (this.ending = true)).resume();
    }

    /**
     * Sends a command until it is acknowledged, and returns the reply's JSON when `line` of it is on
     * disk; undefined when an earlier attempt had succeeded, or at the end.
     */
    async insist(command, line) {
        while (!this.ending) {
            const reply = await this.send(command);
            if (reply?.status >= 200 && reply?.status < 300) {
                writeSync(this.log, `${line(reply.json)}\n`);
                fsyncSync(this.log);
                return reply.json;
            }
            if (hasHappened(reply)) {
                return undefined;
            }
            await new Promise((resolve) => setTimeout(resolve, 10));
        }
        return undefined;
    }

    close() {
        closeSync(this.log);
        this.agent.destroy();
    }

    /** The reply's status and JSON, or undefined when the outcome of the command is unknown. */
    send({ method, path, body = '', headers = {} }) {
        const { port, agent } = this;
        return new Promise((resolve) => {
            const length = Buffer.byteLength(body);
            const all = { 'content-type': 'application/json', 'content-length': length, ...headers };
            const options = { host: '127.0.0.1', port, method, path, headers: all, agent };
            const sent = request(options, (reply) => {
                let text = '';
                reply.on('data', (chunk) => (text += chunk));
                reply.on('error', () => resolve(undefined));
                reply.on('end', () => resolve({ status: reply.statusCode, json: JSON.parse(text) }));
            });
            sent.on('error', () => resolve(undefined));
            sent.setTimeout(5_000, () => sent.destroy());
            sent.end(body);
        });
    }
}

/** True when this command was lost with its acknowledgement, but not before it had been stored. */
function hasHappened(reply) {
    return reply?.status === 404 || (reply?.status === 409 && reply.json.code === 'illegal_state');
}
