// SPDX-License-Identifier: Apache-2.0
// curl, for the lines that a README tells people to type.

import { type ChildProcess, spawn } from 'node:child_process';

/** One curl process whose output arrives as it comes. */
export class Curl {
    output = Buffer.alloc(0);
    readonly process: ChildProcess;
    readonly exited: Promise<number | null>;

    /** `-sN`: no progress meter, no buffering; otherwise the original's words. */
    constructor(line: string[]) {
        this.process = spawn('curl', ['-sN', ...line], { stdio: ['ignore', 'pipe', 'inherit'] });
        this.process.stdout?.on('data', (chunk: Buffer) => {
            this.output = Buffer.concat([this.output, chunk]);
        });
        this.exited = new Promise((resolve) => this.process.on('close', resolve));
    }

    get text(): string {
        return this.output.toString('utf8');
    }

    /**
     * The lines that a client of the original reads. Ours also sends `id:` lines, for resume, which
     * such a client ignores (part 1 of the protocols allows that).
     */
    get seen(): string {
        return this.text.replace(/^id: [A-Za-z0-9._:-]{1,100}\n\n?/gm, '');
    }
}
