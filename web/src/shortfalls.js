// shortfalls.js: what falls short, where and when, what binds, and how the priorities fare.
import { address, get } from './api.js';
import { coverBar, coverKey } from './charts.js';
import { fill, h } from './dom.js';
import { change } from './state.js';
import { propose } from './whatif.js';
import { date, languages, languageNow, number, say, share, term, tonnes } from './words.js';

const reasonsMost = 30;
const causesMost = 4;

function cause(one) {
    const key = `cause.${one.cause}`;
    return languages[languageNow()][key] ? say(key, { limit: one.limit }) : `${one.cause} ${one.limit}`;
}

function coverage(story) {
    return h('table.coverage', {},
        h('thead', {}, h('tr', {}, [say('priority'), say('wanted'), say('short'), say('alone'), say('met')].map((text) => h('th', { scope: 'col' }, text)), h('td'))),
        h('tbody', {}, story.coverage.by_priority.map((row) => h('tr', {}, h('th', { scope: 'row' }, row.priority), h('td', {}, tonnes(row.wanted_t)), h('td', {}, tonnes(row.short_t)),
            h('td', {}, row.alone_share === null ? '–' : share(row.alone_share)), h('td', {}, share(row.met_share)), h('td', {}, coverBar(row.alone_share, row.met_share))))));
}

/** The whole of it in three numbers. */
function tiles(story, answer, start) {
    const all = story.coverage.total[0], first = Math.min(...answer.reasons.map((reason) => reason.from_day));
    return h('div.tiles', {},
        h('div.tile', {}, h('span.quiet', {}, say('short')), h('b', { class: all.short_t > 0.5 ? 'worse' : 'better' }, tonnes(all.short_t)), h('span.quiet', {}, say('shortfalls.of', { wanted: tonnes(all.wanted_t) }))),
        h('div.tile', {}, h('span.quiet', {}, say('met')), h('b', {}, share(all.met_share)), all.alone_share !== null && h('span.quiet', {}, `${say('alone')} ${share(all.alone_share)}`)),
        answer.short_count > 0 && h('div.tile', {}, h('span.quiet', {}, say('shortfalls.count')), h('b', {}, number(answer.short_count, 0)), h('span.quiet', {}, say('shortfalls.first', { day: number(first), date: date(start, first) }))));
}

const share100 = (part) => `${(100 * part).toFixed(2)}%`;

/** What an event can double of what binds; the plan with it then tells what that is worth. */
const doubles = { lane: 'lane', fleet: 'fleet', handling: 'site' };

function tryIt(one) {
    propose({ title: say('shortfalls.title', { what: cause(one) }), contingencies: [],
        events: [{ what: doubles[one.cause], which: one.limit, effect: 'scale', amount: 2, from_day: one.from_day, to_day: one.to_day }] });
    change({ view: 'whatif' });
}

const causeLine = (one) => h('li.cause', {}, h('span.meter', { 'aria-hidden': 'true' }, h('i', { style: { width: share100(one.share) } })), h('span.cause-share', {}, share(one.share)),
    h('span', {}, cause(one)), doubles[one.cause] && h('button.link', { title: say('shortfalls.try.help'), onclick: () => tryIt(one) }, say('shortfalls.try')));

function card(reason, start) {
    return h('li.card', {},
        h('button.link', { onclick: () => change({ view: 'map', sel: `site:${reason.site}`, day: String(reason.from_day) }) },
            h('b', {}, reason.site), ` · ${reason.demand || term(reason.kind)}`),
        h('p.tags', {}, h('span.tag', {}, `${say('priority')} ${reason.priority}`), h('span.tag', {}, reason.partner || say('partner.nobody'))),
        h('p', {}, h('b', {}, say('reason.lacks', { tonnes: tonnes(reason.tonnes), item: reason.item })), ' · ',
            say('reason.span', { from: number(reason.from_day), to: number(reason.to_day) }), ` (${date(start, reason.from_day)} – ${date(start, reason.to_day)})`),
        h('ul.causes', { 'aria-label': say('cause') }, reason.causes.slice(0, causesMost).map(causeLine)));
}

export function shortfalls(body, desk, facts) {
    if (!facts) {
        fill(body, h('p.note', {}, say('plan.none')));
        return null;
    }
    fill(body, h('p.note', {}, say('loading')));
    Promise.all([get(`/api/plans/${facts.plan}/story`), get(address(`/api/plans/${facts.plan}/reasons`, { most: reasonsMost }))])
        .then(([story, answer]) => fill(body, tiles(story, answer, desk.facts.start), coverage(story), coverKey(),
            answer.reasons.length ? [h('h2', {}, say('shortfalls.worst')), h('ol.cards', {}, answer.reasons.map((reason) => card(reason, desk.facts.start)))]
                : h('p.note', {}, say('shortfalls.none'))));
    return null;
}
