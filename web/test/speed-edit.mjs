// speed-edit.mjs PROGRAM CASE TABLE: how long the page Edit takes to answer in a table of many rows; see bench/pages.
import { spawn } from 'node:child_process';
import { chromium } from 'playwright-core';

const [, , program, folder, table] = process.argv;
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const rounds = 5;

/** Milliseconds from a deed until the frame that shows it is done. */
const timed = ({ deed, text, more }) => {
    const box = document.querySelector('.grid'), at = document.activeElement.matches('input.cell') ? document.activeElement : box;
    const given = new DataTransfer();
    given.setData('text/plain', text ?? '');
    return new Promise((done) => {
        const from = performance.now();
        if (deed === 'paste') box.dispatchEvent(new ClipboardEvent('paste', { clipboardData: given, bubbles: true, cancelable: true }));
        else at.dispatchEvent(new KeyboardEvent('keydown', { key: deed, bubbles: true, cancelable: true, ...more }));
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - from)));
    });
};

const server = spawn(program, ['serve', folder, '--quiet'], { stdio: ['ignore', 'pipe', 'ignore'] });
const link = await new Promise((done) => { server.stdout.once('data', (text) => done(String(text).trim())); });
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
try {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    const times = new Map();
    const deed = async (what, how) => { times.set(what, [...(times.get(what) ?? []), await page.evaluate(timed, how)]); };
    /** The server has checked what is pending: its answer is not to be taken for the deed's. */
    const checked = async () => { while (!/\d/.test(await page.innerText('.bar [role=status]'))) await page.waitForTimeout(50); };
    await page.goto(link);
    await page.waitForSelector('header');
    await page.evaluate((name) => { location.hash = `view=edit&sel=table:${name}`; }, table);
    await page.waitForSelector('.grid .row:not(.head)');
    const rows = Number(await page.getAttribute('.grid', 'aria-rowcount')) - 2;
    const block = Array.from({ length: 1000 }, (_, row) => Array.from({ length: 8 }, (_, column) => `v${row}-${column}`).join('\t')).join('\n');
    await page.evaluate(() => { const box = document.querySelector('.grid'); box.focus(); box.scrollTop = box.scrollHeight / 2; });
    for (let round = 0; round < rounds; round++) {
        await deed('to the next row', { deed: 'ArrowDown' });
        await deed('opening a cell', { deed: 'F2' });
        await page.keyboard.type('x');
        await deed('entering a cell', { deed: 'Enter' });
        await checked();
        await deed('pasting 1,000 rows of 8 cells', { deed: 'paste', text: block.replaceAll('v', `v${round}.`) });
        await checked();
        await deed('taking them back', { deed: 'z', more: { ctrlKey: true } });
        await checked();
    }
    console.log(`the table ${table} of ${rows} rows, until the frame is shown, the middle of ${rounds} and the longest:`);
    for (const [what, all] of times) {
        all.sort((a, b) => a - b);
        console.log(`  ${what}: ${all[rounds >> 1].toFixed(0)} ms, ${all.at(-1).toFixed(0)} ms`);
    }
} finally {
    server.kill('SIGTERM');
    await browser.close();
}
