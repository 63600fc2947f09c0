// shortfalls.js: what falls short, where and when, what binds, and how the priorities fare.
import { address, get, post } from './api.js';
import { coverBar, coverKey } from './charts.js';
import { fill, h } from './dom.js';
import { finish } from './follow.js';
import { may } from './partners.js';
import { change } from './state.js';
import { propose } from './whatif.js';
import { date, languages, languageNow, number, say, share, term, tonnes } from './words.js';

const reasonsMost = 30;
const causesMost = 4;
const provenMost = 10; // each is planned again
const proofs = new Map(); // plan: the reasons that were proven

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

/** What easing the first limit would save, as planning again has shown. */
function proven(reason) {
    if (!reason.verified || reason.eased_t === null) return null;
    const least = 0.05, changes = reason.saved.flatMap((each) => [[each.tonnes, 'tonnes'], [each.late_t_days, 'late']].filter(([amount]) => Math.abs(amount) >= least)
        .map(([amount, what]) => say(`proof.${amount > 0 ? 'saves' : 'costs'}.${what}`, { amount: number(Math.abs(amount), 1), priority: each.priority })));
    return h('p.proven', {}, h('b', {}, say('proof.eased', { tonnes: tonnes(reason.eased_t) })), ' ', changes.join(' · ') || say('proof.nothing'));
}

/** A button that proves what would help, with progress; drawn anew with what came of it. */
function proofBar(desk, facts, again) {
    if (!may(desk, 'planner') || proofs.has(facts.plan)) return null;
    const busy = h('span.busy', { role: 'status' });
    const start = h('button', { title: say('proof.help'), onclick: async () => {
        start.disabled = true;
        try {
            const { proof } = await post(`/api/plans/${facts.plan}/proofs`, { most: provenMost });
            const stop = h('button', { onclick: () => post(`/api/proofs/${proof}/cancel`).catch(() => {}) }, say('cancel'));
            const answer = await finish('proof', proof, (now) => fill(busy, say(now.state === 'waiting' ? 'work.waiting' : 'proof.running'), ' ', stop));
            proofs.set(facts.plan, answer.reasons);
            if (start.isConnected) again();
        } catch (problem) {
            fill(busy, h('span.warn', {}, problem.message));
            start.disabled = false;
        }
    } }, say('proof.start'));
    return h('div.bar', {}, start, busy);
}

const same = (a, b) => b && a.demand === b.demand && a.site === b.site && a.item === b.item && a.from_day === b.from_day;

function card(reason, start) {
    return h('li.card', {},
        h('button.link', { onclick: () => change({ view: 'map', sel: `site:${reason.site}`, day: String(reason.from_day) }) },
            h('b', {}, reason.site), ` · ${reason.demand || term(reason.kind)}`),
        h('p.tags', {}, h('span.tag', {}, `${say('priority')} ${reason.priority}`), h('span.tag', {}, reason.partner || say('partner.nobody'))),
        h('p', {}, h('b', {}, say('reason.lacks', { tonnes: tonnes(reason.tonnes), item: reason.item })), ' · ',
            say('reason.span', { from: number(reason.from_day), to: number(reason.to_day) }), ` (${date(start, reason.from_day)} – ${date(start, reason.to_day)})`),
        h('ul.causes', { 'aria-label': say('cause') }, reason.causes.slice(0, causesMost).map(causeLine)), proven(reason));
}

export function shortfalls(body, desk, facts) {
    if (!facts) {
        fill(body, h('p.note', {}, say('plan.none')));
        return null;
    }
    fill(body, h('p.note', {}, say('loading')));
    const known = (reason, place) => { const other = proofs.get(facts.plan)?.[place]; return same(reason, other) ? other : reason; };
    Promise.all([get(`/api/plans/${facts.plan}/story`), get(address(`/api/plans/${facts.plan}/reasons`, { most: reasonsMost }))])
        .then(([story, answer]) => fill(body, tiles(story, answer, desk.facts.start), coverage(story), coverKey(),
            answer.reasons.length ? [h('h2', {}, say('shortfalls.worst')), proofBar(desk, facts, () => shortfalls(body, desk, facts)),
                h('ol.cards', {}, answer.reasons.map(known).map((reason) => card(reason, desk.facts.start)))]
                : h('p.note', {}, say('shortfalls.none'))));
    return null;
}
