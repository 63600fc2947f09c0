// speed.mjs PROGRAM SMALL LARGE: how long until the pages can be used, and how many frames a second the map draws; see bench/pages.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [, , program, small, large] = process.argv;
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const middle = (values, share = 0.5) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

/** Processor time of a process and all that it has started, in milliseconds (Linux counts hundredths of a second). */
function processorTime(pid) {
    const rows = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map((name) => {
        try {
            const fields = readFileSync(`/proc/${name}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ');
            return { pid: Number(name), parent: Number(fields[1]), time: 10 * (Number(fields[11]) + Number(fields[12])) };
        } catch {
            return null; // it has ended meanwhile
        }
    }).filter(Boolean);
    const ours = new Set([pid]);
    for (let grown = true; grown;) {
        grown = false;
        for (const row of rows) if (ours.has(row.parent) && !ours.has(row.pid)) { ours.add(row.pid); grown = true; }
    }
    return rows.filter((row) => ours.has(row.pid)).reduce((sum, row) => sum + row.time, 0);
}

function serve(folder) {
    const server = spawn(program, ['serve', folder, '--quiet'], { stdio: ['ignore', 'pipe', 'ignore'] });
    return new Promise((done) => { server.stdout.once('data', (text) => done({ link: String(text).trim(), stop: () => server.kill('SIGTERM') })); });
}

/** Asks the API as the page would. */
async function ask(link, method, path, body) {
    const { origin, hash } = new URL(link);
    const answer = await fetch(origin + path, { method, headers: { Authorization: `Bearer ${hash.slice('#token='.length)}`, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
    return answer.json();
}

async function planned(link, order) {
    let facts = await ask(link, 'POST', '/api/plans', order);
    while (facts.state === 'waiting' || facts.state === 'running') {
        await new Promise((done) => { setTimeout(done, 200); });
        facts = await ask(link, 'GET', `/api/plans/${facts.plan}`);
    }
    return facts;
}

/** Notes when the map has been drawn with what it shows: from then on it can be used. */
const noteReady = () => {
    new MutationObserver(() => { if (!window.ready && document.querySelector('.day')?.textContent) window.ready = performance.now(); })
        .observe(document, { childList: true, subtree: true, characterData: true });
};

/** Times between frames for some seconds, in milliseconds, while `each` is called for every one. */
const frames = (seconds) => new Promise((done) => {
    const times = [], from = performance.now(), box = document.querySelector('.map canvas[tabindex]');
    let last = from;
    const step = (now) => {
        times.push(now - last);
        last = now;
        if (window.zooming) box.dispatchEvent(new WheelEvent('wheel', { deltaY: times.length % 60 < 30 ? -10 : 10, bubbles: true, cancelable: true }));
        if (now - from < seconds * 1000) requestAnimationFrame(step);
        else done(times.slice(1));
    };
    requestAnimationFrame(step);
});

/** Frames for some seconds, and what they cost all of the browser. */
async function watch(what, page, pid) {
    const before = processorTime(pid);
    const times = await page.evaluate(frames, 8);
    const cost = (processorTime(pid) - before) / times.length, all = times.reduce((sum, time) => sum + time, 0);
    console.log(`${what}: ${((1000 * times.length) / all).toFixed(0)} frames a second, half of them within ${middle(times).toFixed(1)} ms, 95 % within ${middle(times, 0.95).toFixed(1)} ms; ${cost.toFixed(1)} ms of processor time each`);
}

const host = await chromium.launchServer({ executablePath: '/usr/bin/chromium', args: flags });
const browser = await chromium.connect(host.wsEndpoint()), pid = host.process().pid;
const servers = [];
try {
    const first = await serve(small);
    servers.push(first);
    await planned(first.link, { alone: true });
    const ready = [], cost = [];
    for (let round = 0; round < 7; round++) {
        const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
        await page.addInitScript(noteReady);
        const before = processorTime(pid);
        await page.goto(first.link);
        while (!(await page.evaluate(() => window.ready))) await page.waitForTimeout(20);
        ready.push(await page.evaluate(() => window.ready));
        cost.push(processorTime(pid) - before);
        await page.close();
    }
    console.log(`pages can be used after ${middle(ready).toFixed(0)} ms (${Math.min(...ready).toFixed(0)} to ${Math.max(...ready).toFixed(0)}, ${ready.length} times, each with an empty cache), ${middle(cost).toFixed(0)} ms of processor time`);
    const second = await serve(large);
    servers.push(second);
    const facts = await planned(second.link, { gap: 0.05, time_limit: 60 });
    const counts = await ask(second.link, 'GET', '/api/case/map');
    const sites = counts.features.filter((feature) => feature.properties.site).length;
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    await page.addInitScript(noteReady);
    await page.goto(second.link);
    while (!(await page.evaluate(() => window.ready))) await page.waitForTimeout(20);
    const { lanes } = await ask(second.link, 'GET', `/api/plans/${facts.plan}/flows`);
    console.log(`a case of ${sites} sites and ${counts.features.length - sites} lanes, ${Object.keys(lanes).length} of them used`);
    await page.focus('.map canvas[tabindex]');
    await page.keyboard.press(' ');
    await watch('while flows move day by day', page, pid);
    await page.evaluate(() => { window.zooming = true; });
    await watch('while flows move and the map is zoomed at each frame', page, pid);
} finally {
    for (const server of servers) server.stop();
    await browser.close();
    await host.close();
}
