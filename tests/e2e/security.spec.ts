// SPDX-License-Identifier: Apache-2.0
import { pages } from './harness/pages.ts';
import { expect, test } from './harness/portal.ts';

for (const { name, path } of pages) {
    test(`${name} comes with a strict policy`, { tag: '@smoke' }, async ({ howl }) => {
        const reply = await fetch(howl.url + path, { headers: { accept: 'text/html' } });
        expect(reply.status).toBe(200);
        expect(reply.headers.get('content-type')).toMatch(/^text\/html/);
        expect(reply.headers.get('cache-control')).toMatch(/no-cache/);
        const policy = new Map(
            (reply.headers.get('content-security-policy') ?? '')
                .split(';')
                .map((part) => part.trim().split(/ (.*)/s) as [string, string]),
        );
        expect(policy.get('default-src')).toBe("'self'");
        expect(policy.get('script-src')).toMatch(/^'self'( 'sha256-[A-Za-z0-9+/]{43}=')*$/);
        expect(policy.get('style-src')).toBe("'self'");
        expect(policy.get('frame-ancestors')).toBe("'none'");
        expect(policy.get('base-uri')).toBe("'none'");
        expect(policy.get('object-src')).toBe("'none'");
        expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
    });
}

for (const path of ['/api/nothing', '/assets/nothing.js', '/v3/nothing', '/wisdom/nothing.js']) {
    test(`${path} is no page of the portal`, async ({ howl }) => {
        const reply = await fetch(howl.url + path, { headers: { accept: 'text/html' } });
        expect(reply.status).toBe(404);
        expect(await reply.text()).not.toContain('id="root"');
    });
}

test('an injected script does not run', async ({ browser, howl }) => {
    // Not through `visit`, whose watch would hold the breach against the page.
    const page = await browser.newPage({ baseURL: howl.url });
    await page.goto('/');
    const blocked = await page.evaluate(
        () =>
            new Promise<string>((resolve) => {
                document.addEventListener('securitypolicyviolation', (event) => {
                    resolve(event.effectiveDirective);
                });
                const script = document.createElement('script');
                script.textContent = 'window.__xss = true';
                document.head.append(script);
            }),
    );
    expect(blocked).toBe('script-src-elem');
    expect(await page.evaluate(() => '__xss' in window)).toBe(false);
    await page.close();
});
