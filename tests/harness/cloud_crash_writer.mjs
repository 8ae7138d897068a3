// SPDX-License-Identifier: Apache-2.0
// An operator of the cloud who retries every command: node cloud_crash_writer.mjs PORT LANES FILE.

import { InsistingClient } from './insisting_client.mjs';

const [port, lanes, file] = process.argv.slice(2);
const client = new InsistingClient(port, Number(lanes), file);

async function insist(command) {
    const path = `/api/cloud/instances${command.path}`;
    const accepted = await client.insist({ ...command, path }, ({ opId }) => opId);
    return accepted?.id;
}

/** One instance after another, each through its whole life cycle; the last one stays in its state. */
async function live(lane) {
    for (let n = 1; !client.ending; n += 1) {
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
client.close();
