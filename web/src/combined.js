// combined.js: what each partner gains by planning together, and what crosses between partners under which agreement.
import { download, get, post } from './api.js';
import { coverBar, coverKey, flowPicture } from './charts.js';
import { fill, h } from './dom.js';
import { change } from './state.js';
import { number, say, share, term, tonnes } from './words.js';

/** Heads of columns; those of words lie to the left, as the words do. */
const head = (texts, words = []) => h('thead', {}, h('tr', {}, texts.map((text, ix) => (text ? h(`th${words.includes(ix) ? '.words' : ''}`, { scope: 'col' }, text) : h('td')))));

function tiles(coverage) {
    return h('div.tiles', {}, coverage.total.concat(coverage.by_partner || []).map((row) => h('div.tile', {},
        h('span.quiet', {}, row.partner === '*' ? say('partner.all') : row.partner || say('partner.nobody')),
        h('b', { class: row.gained_t > 0.5 ? 'better' : '' }, say('combined.more', { tonnes: tonnes(row.gained_t) })),
        h('span.quiet', {}, say('combined.short', { alone: tonnes(row.alone_short_t), together: tonnes(row.short_t) })))));
}

function coverTable(rows) {
    return h('table', {}, head([say('partner'), say('priority'), say('wanted'), say('combined.alone'), say('combined.together'), say('gained'), say('alone'), say('met'), '']),
        h('tbody', {}, rows.map((row) => h('tr', {}, h('th', { scope: 'row' }, row.partner === '*' ? say('partner.all') : row.partner || say('partner.nobody')), h('td', {}, row.priority ?? say('all')),
            h('td', {}, tonnes(row.wanted_t)), h('td', {}, tonnes(row.alone_short_t)), h('td', {}, tonnes(row.short_t)), h('td', { class: row.gained_t < -0.5 ? 'worse' : null }, tonnes(row.gained_t)),
            h('td', {}, row.alone_share === null ? '–' : share(row.alone_share)), h('td', {}, share(row.met_share)), h('td', {}, coverBar(row.alone_share, row.met_share))))));
}

/** Crossings of one giver, taker and kind as one band. */
function bandsOf(crossings) {
    const bands = new Map();
    for (const row of crossings) {
        const key = `${row.provider}\n${row.receiver}\n${row.kind}`;
        const band = bands.get(key) || { from: row.provider, to: row.receiver, kind: row.kind, amount: 0 };
        band.amount += row.tonnes;
        bands.set(key, band);
    }
    return [...bands.values()].map((band) => ({ ...band, title: `${say(`kind.${band.kind}`)} ${tonnes(band.amount)}` }));
}

const money = (value, currency) => (value ? `${number(value, 0)} ${currency || ''}`.trim() : '–');

function crossingTable(story) {
    const currency = story.currency;
    return h('table', {}, head([say('gives'), say('receives'), say('kind'), say('item'), say('quantity'), say('tonnes'), say('value'), say('agreement'), say('combined.used'), say('combined.place')], [1, 2, 3, 7, 9]),
        h('tbody', {}, story.crossings.map((row) => h('tr', {}, h('th', { scope: 'row' }, row.provider), h('td.words', {}, row.receiver), h('td.words', {}, say(`kind.${row.kind}`)), h('td.words', {}, row.item),
            h('td', {}, `${number(row.quantity)} ${row.unit}`), h('td', {}, tonnes(row.tonnes)), h('td', {}, money(row.value, currency)), h('td.words', {}, row.agreement),
            h('td', {}, row.limit_used === null ? '–' : share(row.limit_used)),
            h('td.words', {}, h('button.link', { onclick: () => change({ view: 'map', sel: `${row.kind === 'lift' ? 'lane' : 'site'}:${row.place}` }) }, row.place), row.places > 1 ? ` +${row.places - 1}` : '')))));
}

function balanceTable(balances) {
    return h('table', {}, head([say('combined.debtor'), say('combined.creditor'), say('combined.settlement'), say('kind.item'), say('kind.lift'), say('kind.site'), say('value'), say('combined.due')]),
        h('tbody', {}, balances.map((row) => h('tr', {}, h('th', { scope: 'row' }, row.debtor), h('td', {}, row.creditor), h('td', {}, say(`settlement.${row.settlement}`)), h('td', {}, tonnes(row.items_t)),
            h('td', {}, tonnes(row.lift_t)), h('td', {}, tonnes(row.entry_t)), h('td', {}, money(row.value, row.currency)), h('td', {}, row.due_days === null ? '–' : say('days', { days: number(row.due_days) }))))));
}

/** A plan that does not know how each would fare alone can be made again. */
const withoutAlone = (facts) => h('div.bar', {}, h('p', {}, say('combined.none')),
    h('button.primary', { onclick: () => post('/api/plans', { title: facts.title || say('plan.untitled', { number: facts.plan }), alone: true }) }, say('combined.plan')));

function draw(body, facts, story) {
    const name = `plan-${facts.plan}`;
    const csv = (what, text) => h('button', { onclick: () => download(`/api/plans/${facts.plan}/${what}?format=csv`, `${name}-${what}.csv`) }, `CSV: ${text}`);
    const known = story.has_alone;
    const rows = [...story.coverage.total, ...story.coverage.by_priority, ...story.coverage.rows];
    fill(body, known ? [h('h2', {}, say('combined.gain')), tiles({ total: story.coverage.total, by_partner: story.coverage.by_partner })] : withoutAlone(facts),
        h('div.pair', {}, known && h('section', {}, h('div.bar', {}, csv('story', say('combined.gain'))), coverTable(rows), coverKey()),
            h('section', {}, h('h2', {}, say('combined.crosses')),
                story.crossings.length ? flowPicture({ flows: bandsOf(story.crossings), label: say('combined.crosses'), unit: 't' }) : h('p.note', {}, say('combined.nothing')))),
        story.crossings.length > 0 && [h('div.bar', {}, csv('crossings', say('combined.crosses')), csv('orders', say('combined.orders'))), crossingTable(story),
            h('h2', {}, say('combined.owes')), balanceTable(story.balances)]);
}

export function combined(body, desk, facts) {
    if (!facts) {
        fill(body, h('p.note', {}, say('plan.none')));
        return null;
    }
    fill(body, h('p.note', {}, say('loading')));
    get(`/api/plans/${facts.plan}/story`).then((story) => draw(body, facts, story));
    return null;
}
