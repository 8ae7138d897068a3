// SPDX-License-Identifier: Apache-2.0
// A publisher in a process of its own, so that a crash of the server can't end the oracle:
// every acknowledgement is on disk before its lane publishes again. Plain JavaScript, since it runs
// beside the test runner: node crash_writer.mjs PORT TOPIC LANES FILE. Ends when its input does.

import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { Agent, request } from 'node:http';

const [port, topic, lanes, file] = process.argv.slice(2);
const log = openSync(file, 'a');
const agent = new Agent({ keepAlive: true, maxSockets: Number(lanes) });
let ending = false;
process.stdin.on('end', () => (ending = true)).resume();

/** The receipt, or undefined when the outcome of the event is unknown. */
function post(data) {
    return new Promise((resolve) => {
        const headers = {
            'content-type': 'text/plain',
            'content-length': Buffer.byteLength(data),
            'idempotency-key': data,
        };
        const path = `/api/topics/${topic}/events`;
        const options = { host: '127.0.0.1', port, path, method: 'POST', headers, agent };
        const sent = request(options, (reply) => {
            let text = '';
            reply.on('data', (chunk) => (text += chunk));
            reply.on('error', () => resolve(undefined));
            reply.on('end', () => resolve(reply.statusCode < 300 ? JSON.parse(text) : undefined));
        });
        sent.on('error', () => resolve(undefined));
        sent.setTimeout(5_000, () => sent.destroy());
        sent.end(data);
    });
}

async function publish(lane) {
    for (let n = 1; !ending;) {
        const data = `${lane}-${n}`;
        const receipt = await post(data);
        if (receipt === undefined) {
            await new Promise((resolve) => setTimeout(resolve, 10));
            continue;
        }
        writeSync(log, `${receipt.epoch} ${receipt.offset} ${data}\n`);
        fsyncSync(log);
        n += 1;
    }
}

await Promise.all(Array.from({ length: Number(lanes) }, (_, lane) => publish(lane)));
closeSync(log);
agent.destroy();
