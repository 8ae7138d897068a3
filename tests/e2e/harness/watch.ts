// SPDX-License-Identifier: Apache-2.0
// Checks that hold for every page in every journey.

import { type BrowserContext, expect, type Page } from '@playwright/test';

/** Logged by the browser itself when the server is away; journeys do that on purpose. */
const serverAway = /^WebSocket connection to|net::ERR_|Failed to fetch dynamically imported module/;

/** Logged for every page that is loaded by http under a host name, as behind a proxy; not over https. */
const byPlainHttp = /^The Cross-Origin-Opener-Policy header has been ignored/;

/** What the API refuses, a WebSocket's path that is asked why, or an address without a page; a file that is missing is wrong. */
const isRefusal = (text: string, url: string): boolean =>
    text.startsWith('Failed to load resource') && /^\/(api\/|wisdom\/connect$|nowhere$)/.test(new URL(url).pathname);

/** Watches all pages of a visitor: failing scripts, errors on the console, dialogs, violations of the policy. */
export class Watch {
    private readonly wrongs: string[] = [];

    private constructor(private readonly context: BrowserContext) {}

    static async over(context: BrowserContext): Promise<Watch> {
        const watch = new Watch(context);
        await context.exposeFunction('__breach', (text: string) => watch.wrongs.push(text));
        await context.addInitScript(() => {
            document.addEventListener('securitypolicyviolation', (event) => {
                const where = `${event.sourceFile}:${event.lineNumber}`;
                const text = `${event.effectiveDirective} ${event.blockedURI} ${where}`;
                (window as unknown as { __breach: (text: string) => void }).__breach(text);
            });
        });
        context.on('page', (page) => watch.look(page));
        return watch;
    }

    /** Closes the visitor's browser, and fails if there was anything. */
    async end(): Promise<void> {
        await this.context.close();
        expect(this.wrongs, 'what the pages did wrong').toEqual([]);
    }

    private look(page: Page): void {
        page.on('pageerror', (error) => this.wrongs.push(`exception: ${error.stack ?? error}`));
        page.on('console', (message) => {
            const text = message.text();
            const meant = serverAway.test(text) || byPlainHttp.test(text) || isRefusal(text, message.location().url);
            if (message.type() === 'error' && !meant) {
                this.wrongs.push(`console: ${text}`);
            }
        });
        page.on('dialog', (dialog) => {
            this.wrongs.push(`dialog: ${dialog.message()}`);
            void dialog.dismiss();
        });
    }
}
