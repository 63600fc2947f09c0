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
