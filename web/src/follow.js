// follow.js: work of the server that takes seconds, followed to its end.
import { fresh } from './api.js';
import { say } from './words.js';

const lookAgain = 2000; // an event may be lost with the line it was on
const kinds = { job: { address: '/api/book/jobs', gives: 'result', stopped: 'exchange.stopped' }, proof: { address: '/api/proofs', gives: 'reasons', stopped: 'work.stopped' } };

/** An event of such work: whoever follows it looks again. */
export function noteWork(kind, facts) {
    if (kind in kinds) document.dispatchEvent(new CustomEvent('work', { detail: { kind, number: facts[kind] } }));
}

/** Resolves with the facts once it has ended; told is called with those before. */
async function follow(kind, number, told) {
    for (;;) {
        const facts = await fresh(`${kinds[kind].address}/${number}`);
        if (['done', 'failed', 'cancelled'].includes(facts.state)) return facts;
        told(facts);
        await new Promise((next) => {
            const end = () => { clearTimeout(timer); document.removeEventListener('work', heard); next(); };
            const heard = ({ detail }) => { if (detail.kind === kind && detail.number === number) end(); };
            const timer = setTimeout(end, lookAgain);
            document.addEventListener('work', heard);
        });
    }
}

/** What came of it; throws when it failed. */
export async function finish(kind, number, told) {
    const facts = await follow(kind, number, told);
    if (facts.state !== 'done') throw new Error(facts.error || say(kinds[kind].stopped));
    return fresh(`${kinds[kind].address}/${number}/${kinds[kind].gives}`);
}
