// SPDX-License-Identifier: Apache-2.0
// `scripts/update_report_status.sh <userID> <reportID> <new-status>`, as a user runs it.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './cli.ts';
import { within } from './wait.ts';

const kScript = fileURLToPath(new URL('../../scripts/update_report_status.sh', import.meta.url));

/** With HOWL_URL set to `url`. */
export async function updateReportStatus(url: string, ...words: string[]): Promise<Outcome> {
    const script = spawn(kScript, words, { env: { ...process.env, HOWL_URL: url } });
    const outcome: Outcome = { code: null, out: '', err: '' };
    script.stdout.on('data', (chunk: Buffer) => (outcome.out += chunk.toString()));
    script.stderr.on('data', (chunk: Buffer) => (outcome.err += chunk.toString()));
    const exited = new Promise<number | null>((resolve) => script.on('close', resolve));
    outcome.code = await within(exited, 'the script ends');
    return outcome;
}
