// Small things that every part uses.

const SHOWN_MS = 250; // a decision counts only on a document that was on the screen for so long
const SEEN_MS = 400; // a page counts as looked at after so long
const WANTED = 5; // documents that are claimed and fetched ahead
const IDENTITY = ["patient_name", "birth_date", "mrn"];
const MARKS = {
  agree: ["✓", "agrees"],
  close: ["≈", "close"],
  conflict: ["✗", "differs"],
  missing: ["·", "not on page"],
};
const PAGE_MARKS = {
  agree: ["✓", "agrees"],
  none: ["–", "nothing"],
  conflict: ["✗", "differs"],
};
const REJECTS = [
  ["not_a_record", "Not part of a medical record"],
  ["duplicate", "Duplicate: the same pages are in the chart already"],
  ["superseded", "Superseded: a better scan took its place (choose which)"],
  ["scan_again", "Scan again: cannot be read"],
  ["not_registered", "The patient is not registered"],
];

function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

function svg(tag, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// crypto.randomUUID is missing on plain http, where many sites run.
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [8, 4, 4, 4, 12].reduce(([parts, at], size) => [[...parts, hex.slice(at, at + size)], at + size], [[], 0])[0].join("-");
}

function showPhone(digits) {
  return /^\d{10}$/.test(digits) ? `${digits.slice(0, 3)}-${digits.slice(3, 6)}-${digits.slice(6)}` : digits;
}

function nameOf(name) {
  const given = [name.first, name.middle, name.suffix].filter(Boolean).join(" ");
  return given ? `${name.last}, ${given}` : name.last;
}

function plural(count, word) {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

// For whoever measures: an observer is told, nothing is kept.
function markTime(name, at) {
  performance.mark(name, at === undefined ? {} : { startTime: at });
  performance.clearMarks(name);
}

function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
