// order.js: one order: what it is and comes to, its story step by step, and the steps that may be taken now.
import { post } from './api.js';
import { fill, h } from './dom.js';
import { amount, day, decimal, field, form, may, smallTable } from './partners.js';
import { number, say } from './words.js';

const settlements = ['cash', 'in-kind', 'equal-value'];
const dangerous = ['decline', 'cancel'];

// ---- what it is ----

function sentence(order) {
    return say('order.story', { receiver: order.receiver, provider: order.provider, quantity: amount(order.requested, order.unit), item: order.item_name || order.item, agreement: order.agreement })
        + (order.site ? ` ${say('order.at', { site: order.site })}` : '') + (order.need_by ? ` ${say('order.by', { date: day(order.need_by) })}` : '');
}

function termsText(terms, unit) {
    return `${amount(terms.quantity, unit)} · ${amount(terms.price, terms.currency, true)}${unit ? ` / ${unit}` : ''} · ${say(`settle.${terms.settlement}`)}`
        + (terms.due_days === undefined || terms.due_days === null ? '' : ` · ${say('order.within', { days: number(terms.due_days, 0) })}`);
}

function account(order) {
    if (Number(order.ordered) === 0) return null;
    const inKind = order.terms.settlement === 'in-kind';
    const quantities = [['order.ordered', order.ordered], ['order.issued', order.issued], ['order.received', order.received], ['order.rest', order.rest], ['order.disputed', order.disputed]];
    const debts = [['order.owed', order.owed], ['order.settled', order.settled], ['order.unacknowledged', order.unacknowledged], ['outstanding', order.outstanding]];
    const row = (money) => ([key, value]) => (Number(value) || key === 'order.ordered' || key === 'outstanding') && [h('dt', {}, say(key)), h(`dd${key === 'order.disputed' ? '.warn' : ''}`, {}, amount(value, money === null ? order.unit : order.owed_in, money))];
    return h('dl', {}, quantities.map(row(null)), debts.map(row(!inKind)), order.due && [h('dt', {}, say('due')), h('dd', {}, day(order.due))]);
}

const who = (order, side) => (side === 'both' ? say('order.both') : order[side]);

function waits(order) {
    if (order.waits.length === 0) return h('p.quiet', {}, say('order.over'));
    return h('ul.lines', {}, order.waits.map((each) => h('li.line', {}, h('b', {}, who(order, each.side)), say(`wait.${each.to}`),
        h('span.quiet', {}, each.days > 0 ? say('ledger.since', { days: number(each.days, 0) }) : say('today')))));
}

// ---- its story ----

function stepText(order, step) {
    if (step.step === 'offer') return termsText({ quantity: step.amount, ...step }, order.unit);
    return step.amount === null ? '' : amount(step.amount, step.unit, step.unit !== order.unit);
}

function timeline(order) {
    return h('ol.timeline', {}, order.steps.map((step) => h(`li${step.by === order.partner ? '.own' : ''}${step.without_effect ? '.void' : ''}`, {},
        h('span.when', {}, day(step.date)), h('b', {}, step.by), h('span', {}, ` ${say(`step.${step.step}`)} `), h('span', {}, stepText(order, step)),
        step.reference && h('p.quiet', {}, `${say('reference')}: ${step.reference}`), step.note && h('p.quiet', {}, step.note),
        step.without_effect && h('p.warn', {}, `${say('order.void')} ${step.without_effect}`))));
}

function deliveries(order) {
    if (order.deliveries.length === 0) return null;
    const head = [say('order.delivery'), say('order.what'), [say('order.given'), 'right'], [say('order.taken'), 'right'], [say('order.disputed'), 'right'], say('due')];
    const cell = (row, value) => (value === null ? '–' : amount(value, row.unit, row.unit !== order.unit));
    return [h('h3', {}, say('order.deliveries')), h('div.scroll', { tabindex: 0, role: 'region', 'aria-label': say('order.deliveries') }, smallTable(say('order.deliveries'), head, order.deliveries.map((row) => [row.delivery, say(`delivery.${row.kind}`), cell(row, row.given), cell(row, row.taken),
        Number(row.disputed) ? h('span.warn', {}, cell(row, row.disputed)) : '–', row.due ? day(row.due) : '–'])))];
}

// ---- the next step ----

/** The fields of a step, and what they say. */
function fieldsOf(order, next) {
    const date = h('input', { type: 'date', value: order.date, required: true });
    const reference = h('input', { maxlength: 200 }), note = h('input', { maxlength: 200, size: 30 });
    const fields = [], said = {};
    const add = (key, label, element, unit) => { fields.push(field(label, unit ? h('span.with-unit', {}, element, h('span.unit', {}, unit)) : element)); said[key] = element; };
    if (next.step === 'offer') {
        const terms = next.offer || {};
        add('quantity', say('quantity'), decimal(terms.quantity || order.requested, { required: true }), order.unit);
        add('price', say('order.price', { unit: order.unit || say('order.unit') }), decimal(terms.price, { required: true }));
        add('currency', say('currency'), h('input', { value: terms.currency || '', size: 4, required: true, pattern: '[A-Z]{3}', title: say('currency.hint') }));
        add('settlement', say('settlement'), h('select', { required: true }, settlements.map((word) => h('option', { value: word, selected: terms.settlement === word }, say(`settle.${word}`)))));
        add('due_days', say('order.due.days'), h('input', { type: 'number', min: 0, step: 1, value: terms.due_days ?? '' }));
    } else if (next.quantity !== undefined) {
        add('quantity', say(next.unit === order.unit ? 'quantity' : 'order.amount'), decimal(next.quantity, { required: true }), next.unit);
    }
    add('date', say('date'), date);
    add('reference', say('reference'), reference);
    add('note', say('note'), note);
    return { fields, said: () => Object.fromEntries(Object.entries(said).map(([key, element]) => [key, element.value.trim()])) };
}

const stepTitle = (order, next) => {
    if (next.step === 'cancel' && Number(order.ordered) === 0) return say('do.cancel.all');
    const delivery = next.of && order.deliveries.find((each) => each.delivery === next.of);
    return delivery ? `${say(`do.${next.step}`)}: ${say(`delivery.${delivery.kind}`)} ${next.of}` : say(`do.${next.step}`);
};

const delivers = (next) => Boolean(next.of);

function stepForm(order, next, took, again, close) {
    const { fields, said } = fieldsOf(order, next);
    const send = async () => {
        try {
            took(await post(`/api/ledger/orders/${encodeURIComponent(order.order)}/steps`, { step: next.step, of: next.of || '', steps_seen: order.step_count, ...said() }));
        } catch (problem) {
            if (problem.status === 409) again(problem.message);
            else throw problem;
        }
    };
    return h('section', {}, h('h3', {}, stepTitle(order, next)), form(delivers(next) ? say(`do.${next.step}`) : stepTitle(order, next), fields, send, { cancel: close, danger: dangerous.includes(next.step) }));
}

/** Pressing steps are buttons in the colour of the page; to end an order, or to say anew what is agreed, is quieter. */
function actions(order, desk, handlers) {
    const place = h('div.sheet-place');
    if (!may(desk, 'planner') || order.next.length === 0) return null;
    const quiet = (next) => dangerous.includes(next.step) || (next.step === 'dispute' && !order.deliveries.some((each) => each.delivery === next.of && Number(each.disputed)));
    const usable = order.next.filter((next) => !next.why || next.step === 'offer');
    const stuck = order.next.filter((next) => next.why && next.step !== 'offer');
    const buttons = usable.map((next, ix) => h(quiet(next) || ix > 0 ? 'button' : 'button.primary', {
        onclick: () => { fill(place, stepForm(order, next, handlers.took, handlers.again, () => fill(place)), next.why && h('p.quiet', {}, next.why)); place.querySelector('input, select')?.focus(); },
    }, stepTitle(order, next)));
    return h('section.actions', {}, h('div.bar', {}, buttons), stuck.map((next) => h('p.warn', {}, `${say(`do.${next.step}`)}: ${next.why}`)), place);
}

/** Fills place with the order. handlers: took(order as it is then), again(why) when somebody else was quicker, close(). */
export function orderStory(place, order, desk, handlers, told = '') {
    fill(place, h('div.bar.head', {}, h('h2', {}, order.order), h('span.tag', {}, say(`state.${order.state}`)), h('span.push'),
        h('button', { onclick: handlers.close, 'aria-label': say('close') }, '×')),
    told && h('p.problem', { role: 'alert' }, told),
    order.provider ? h('p', {}, sentence(order)) : h('p.quiet', {}, say('order.waiting')),
    order.terms && h('p', {}, h('span.quiet', {}, say(order.terms.accepted ? 'order.agreed' : 'order.offered')), ' ', termsText(order.terms, order.unit)),
    account(order), h('h3', {}, say('waits')), waits(order), order.provider && actions(order, desk, handlers),
    h('h3', {}, say('order.steps')), timeline(order), deliveries(order));
}
