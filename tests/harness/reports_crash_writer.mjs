// SPDX-License-Identifier: Apache-2.0
// Users with reports, who retry every command: node reports_crash_writer.mjs PORT LANES FILE. A line for each
// acknowledgement: USER REPORT VERSION STATUS.

import { randomUUID } from 'node:crypto';
import { InsistingClient } from './insisting_client.mjs';

const [port, lanes, file] = process.argv.slice(2);
const client = new InsistingClient(port, Number(lanes), file);
const line = ({ userId, id, version, status }) => `${userId} ${id} ${version} ${status}`;

/** One user after another, each with a report that fails, is tried again and ends. */
async function live() {
    while (!client.ending) {
        const of = `?user_id=${randomUUID()}`;
        const headers = { 'idempotency-key': 'the one' };
        const made = await client.insist({ method: 'POST', path: `/api/reports${of}`, headers }, line);
        const path = `/api/reports/${made?.id}${of}`;
        for (const status of ['queued', 'processing', 'failed', 'pending', 'canceled']) {
            await client.insist({ method: 'PATCH', path, body: JSON.stringify({ status }) }, line);
        }
    }
}

await Promise.all(Array.from({ length: Number(lanes) }, live));
client.close();
