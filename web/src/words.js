// words.js: texts, numbers and dates in the reader's language. Another language is one more file in text/.
import en from './text/en.json';
import ko from './text/ko.json';

export const languages = { en, ko };

let language = 'en';

export function startLanguage() {
    const wanted = localStorage.getItem('language') || (navigator.language || 'en').slice(0, 2);
    setLanguage(languages[wanted] ? wanted : 'en');
}

export function setLanguage(name) {
    language = name;
    localStorage.setItem('language', name);
    document.documentElement.lang = name;
}

export const languageNow = () => language;

/** The text for key, with {name} replaced by what values has. */
export function say(key, values = {}) {
    const text = languages[language][key] ?? languages.en[key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** A word of the case format (a mode, a class, a kind), where there is one for it. */
export const term = (word) => languages[language][`term.${word}`] ?? word;

const digits = (value) => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);

export function number(value, most = digits(value)) {
    if (value === null || value === undefined || Number.isNaN(value)) return '–';
    return new Intl.NumberFormat(language, { maximumFractionDigits: most, signDisplay: 'negative' }).format(value); // never -0
}

export const tonnes = (value) => (value === null || value === undefined ? '–' : `${number(value)} t`);
export const signed = (value) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${tonnes(Math.abs(value))}`;

/** A share of one decimal, so that shares below one another line up. What is not whole is never shown as 100 %, nor what is there as 0 %. */
export function share(value) {
    const shown = value > 0 && value < 1 ? Math.min(0.999, Math.max(0.001, value)) : value;
    return new Intl.NumberFormat(language, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(shown);
}

const gapNone = 1e-9, gapSaysNothing = 0.9;

/** What is proven of a plan, as the command line has it. */
export const provenText = (gap) => say(gap <= gapNone ? 'plan.best' : gap < gapSaysNothing ? 'plan.proven' : 'plan.unproven', { gap: gapText(gap) });

/** A gap: as small as it is, never rounded to nothing. */
export const gapText = (value) =>
    new Intl.NumberFormat(language, { style: 'percent', maximumSignificantDigits: 2 }).format(value);

/** A day of the case as a date. */
export function date(start, day) {
    const at = new Date(`${start}T00:00:00Z`);
    at.setUTCMinutes(Math.round(day * 24 * 60));
    return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(at);
}
