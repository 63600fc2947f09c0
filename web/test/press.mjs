// press.mjs: an answer that redraws what is pressed does not take the click away; what is typed outlives one.
import { request } from 'node:http';

/** Asks the API beside the page, as a colleague's page would. */
export function ask(link, method, path, body) {
    const { origin, hash } = new URL(link);
    return new Promise((done, fail) => {
        const asked = request(origin + path, { method, headers: { Authorization: `Bearer ${hash.slice('#token='.length)}`, 'Content-Type': 'application/json' } }, (answer) => {
            let text = '';
            answer.on('data', (part) => { text += part; });
            answer.on('end', () => done({ status: answer.statusCode, body: text ? JSON.parse(text) : null }));
        });
        asked.on('error', fail);
        asked.end(body === undefined ? undefined : JSON.stringify(body));
    });
}

/** side: the page of exchange with a partner's card; link: of its server. */
export async function pressing(side, link) {
    const { page, expect, comes } = side;
    await side.go('exchange');
    await page.waitForSelector('li.card[data-partner]');
    const partner = await page.getAttribute('li.card[data-partner]', 'data-partner');
    const agree = (rhythm) => ask(link, 'PUT', `/api/exchange/partners/${partner}/rhythm`, { rhythm });
    const button = await side.button('exchange.preview', 'li.card').elementHandle();
    const place = await button.boundingBox();
    await page.mouse.move(place.x + place.width / 2, place.y + place.height / 2);
    await page.mouse.down();
    expect('a colleague changes what the card says', (await agree('weekly mon 06:00Z')).status === 200);
    let stays = true;
    for (let times = 0; times < 30; times++) { // as long as the answer would have taken to be there
        await page.evaluate(() => fetch('/').then((answer) => answer.text()));
        await page.evaluate(() => new Promise((done) => { requestAnimationFrame(done); }));
        stays = stays && await button.evaluate((element) => element.isConnected);
    }
    expect('... while the button is pressed it stays', stays);
    await page.mouse.up();
    expect('... the click counts', await comes(page, () => page.url().includes(`sel=preview%3A${partner}`)), page.url());
    expect('... and then the change is shown', await comes(page, () => page.evaluate(() => document.querySelector('li.card input[list]')?.value === 'weekly mon 06:00Z')));
    await page.evaluate(() => { document.querySelector('li.card details').open = true; });
    await page.fill('li.card input[list]', 'hourly');
    await ask(link, 'POST', `/api/exchange/partners/${partner}/read`, {}); // the log may grow; the card says the same
    await page.evaluate(() => document.dispatchEvent(new Event('book')));
    for (let times = 0; times < 10; times++) await page.evaluate(() => fetch('/').then((answer) => answer.text()));
    expect('what is being typed outlives an answer', (await page.inputValue('li.card input[list]')) === 'hourly');
    await agree('');
}

/** What the book knows of keys is on the card: one that was followed, one that somebody else has. */
export async function keys(side) {
    const { page, expect, comes, words } = side;
    /** Whether the card comes to say, or not to say, the longest part of that text that has no blanks. */
    const told = (key, wanted) => {
        const part = words[key].split(/\{\w+\}/).sort((a, b) => b.length - a.length)[0].trim();
        return comes(page, async () => (await page.innerText('li.card[data-partner]')).includes(part) === wanted);
    };
    for (const [what, key] of [[{ followed: true }, 'exchange.followed'], [{ alarm: 'key' }, 'exchange.alarm.key'], [{ alarm: 'fork' }, 'exchange.fork'], [{ failure: 'no such host', failed_at: '2026-01-01T00:00:00Z', place: 'https://depot' }, 'exchange.failed']]) {
        await page.route('**/api/exchange', async (route) => {
            const answer = await (await route.fetch()).json();
            Object.assign(answer.exchange[0], what);
            await route.fulfill({ json: answer });
        });
        await side.go('ledger');
        await side.go('exchange');
        expect(`${key} is told`, await told(key, true), await page.innerText('main'));
        await page.unroute('**/api/exchange');
    }
    await side.go('ledger');
    await side.go('exchange');
    expect('... and nothing of it without cause', await told('exchange.alarm.key', false));
}
