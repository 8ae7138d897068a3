// SPDX-License-Identifier: Apache-2.0
// An operator in a process of its own, so that no crash of the server can take the oracle along:
// every acknowledged operation is on disk before its lane gives the next command. Plain JavaScript,
// since it runs beside the test runner: node cloud_crash_writer.mjs PORT LANES FILE. Ends when its
// input does.

import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { Agent, request } from 'node:http';

const [port, lanes, file] = process.argv.slice(2);
const log = openSync(file, 'a');
const agent = new Agent({ keepAlive: true, maxSockets: Number(lanes) });
let ending = false;
process.stdin.on('end', () => (ending = true)).resume();

/** The reply's status and JSON, or undefined when nobody knows what became of the command. */
function send({ method, path, body = '', headers = {} }) {
    return new Promise((resolve) => {
        const length = Buffer.byteLength(body);
        const all = { 'content-type': 'application/json', 'content-length': length, ...headers };
        const options = { host: '127.0.0.1', port, method, headers: all, agent };
        const sent = request({ ...options, path: `/api/cloud/instances${path}` }, (reply) => {
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

/** True when this command was lost with its acknowledgement, but not before it had been stored. */
const hasHappened = (reply) =>
    reply?.status === 404 || (reply?.status === 409 && reply.json.code === 'illegal_state');

/** Gives a command until it is acknowledged, or until one before was the one that counted. */
async function insist(command) {
    while (!ending) {
        const reply = await send(command);
        if (reply?.status === 202) {
            const { opId, id } = reply.json;
            writeSync(log, `${opId}\n`);
            fsyncSync(log);
            return id;
        }
        if (hasHappened(reply)) {
            return undefined;
        }
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return undefined;
}

/** One instance after another, each through its whole life; the last one stays where it is. */
async function live(lane) {
    for (let n = 1; !ending; n += 1) {
        const key = { 'idempotency-key': `${lane}-${n}` };
        const path = `/${await insist({ method: 'POST', path: '', headers: key })}`;
        await insist({ method: 'PATCH', path, body: '{"state":"running"}' });
        await insist({ method: 'PATCH', path, body: '{"state":"stopped"}' });
        if (n % 4 !== 0) {
            await insist({ method: 'DELETE', path });
        }
    }
}

await Promise.all(Array.from({ length: Number(lanes) }, (_, lane) => live(lane)));
closeSync(log);
agent.destroy();
