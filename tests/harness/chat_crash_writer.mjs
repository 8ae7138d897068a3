// SPDX-License-Identifier: Apache-2.0
// Chat members in a process of their own, as `crash_writer.mjs`: each lane is a member who comes back
// with a token after every crash and sends a message again until it is acknowledged. Every
// acknowledgement is on disk before the lane goes on: node chat_crash_writer.mjs PORT ROOM LANES FILE.
// Ends when its input does.

import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { WebSocket } from 'ws';

const [port, room, lanes, file] = process.argv.slice(2);
const log = openSync(file, 'a');
let ending = false;
process.stdin.on('end', () => (ending = true)).resume();

/** A socket that is registered, or undefined. `member.token` is set by the first one. */
function join(member) {
    return new Promise((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}/api/chat/rooms/${room}/ws`);
        const giveUp = setTimeout(() => socket.terminate(), 5_000);
        socket.on('open', () => {
            const { name, token } = member;
            const first = token ? { type: 'rejoin', token } : { type: 'register', name };
            socket.send(JSON.stringify(first));
        });
        socket.on('message', (bytes) => {
            const message = JSON.parse(bytes.toString());
            if (message.type === 'registered') {
                clearTimeout(giveUp);
                member.token = message.token ?? member.token;
                resolve(socket);
            } else if (message.type === 'refused') {
                // The answer to the registration was lost with the server: use another name.
                member.name = message.suggestion || `${member.name}x`;
                member.token = undefined;
                socket.terminate();
            } else if (message.type === 'ack' && message.id === member.waitsFor?.id) {
                member.waitsFor.resolve(message);
            }
        });
        socket.on('error', () => {});
        socket.on('close', () => {
            clearTimeout(giveUp);
            member.waitsFor?.resolve(undefined);
            resolve(undefined);
        });
    });
}

/** The acknowledgement, or undefined when the outcome of the message is unknown. */
function say(socket, member, id) {
    return new Promise((resolve) => {
        const giveUp = setTimeout(() => socket.terminate(), 5_000);
        member.waitsFor = {
            id,
            resolve: (ack) => {
                clearTimeout(giveUp);
                member.waitsFor = undefined;
                resolve(ack);
            },
        };
        socket.send(JSON.stringify({ type: 'send', id, text: id }));
    });
}

async function live(lane) {
    const member = { name: `Lane ${lane} writer`, token: undefined, waitsFor: undefined };
    let socket;
    for (let n = 1; !ending;) {
        if (socket === undefined || socket.readyState !== WebSocket.OPEN) {
            socket = await join(member);
            if (socket === undefined) {
                await new Promise((resolve) => setTimeout(resolve, 10));
                continue;
            }
        }
        const ack = await say(socket, member, `${lane}-${n}`);
        if (ack !== undefined) {
            writeSync(log, `${ack.epoch} ${ack.offset} ${lane}-${n}\n`);
            fsyncSync(log);
            n += 1;
        }
    }
    socket?.terminate();
}

await Promise.all(Array.from({ length: Number(lanes) }, (_, lane) => live(lane)));
closeSync(log);
