// The documents that this screen holds, the next ones fetched ahead.

const AT_FIRST = 2; // the first document is on the screen before the others are looked up
const LOOK_AGAIN_MS = 10000; // an empty queue is asked again

function makeQueue(s) {
  let docs = [];
  const taken = new Map(); // decided here: id -> when the server answered (Infinity: not yet)
  const notes = new Map(); // words to be shown with a document that came back
  let asking = null;
  let isWanted = false;
  let last = null; // decided last: its chart goes on
  let timer = 0;
  const counts = { waiting: 0, postponed: 0 };

  function draftOf(doc) {
    const first = firstPage(doc);
    return {
      chosen: doc.preselected, candidates: doc.candidates, added: [], fixes: new Map(), type: null,
      seen: new Set(), page: first, turns: new Map(), failed: false,
    };
  }

  // The page that bears the evidence; of most documents the first.
  function firstPage(doc) {
    const places = doc.fields.filter((field) => IDENTITY.includes(field.name) && field.page).map((field) => field.page);
    return places.length ? Math.min(...places) : 1;
  }

  async function claim(first = null) {
    if (asking && !first) {
      isWanted = true;
      return asking;
    }
    const work = ask(first);
    asking = work;
    try {
      return await work;
    } finally {
      if (asking === work) asking = null;
      if (isWanted && !asking) {
        isWanted = false;
        claim().catch(() => {});
      }
    }
  }

  async function ask(first) {
    clearTimeout(timer);
    const began = performance.now();
    let answer;
    try {
      const have = docs.map((doc) => [doc.id, doc.version]);
      const near = s.current?.id || last;
      const want = s.hasAsked ? WANTED : AT_FIRST;
      const body = { station: s.station, want, have, ...(first ? { first } : {}), ...(near ? { near } : {}) };
      answer = await post("/data/verify/claim", body);
    } catch (error) {
      s.failed(error);
      timer = setTimeout(() => claim().catch(() => {}), 4000);
      throw error;
    }
    s.linked();
    if (!s.hasAsked) isWanted = true; // the others follow at once
    s.hasAsked = true; // before that nobody knows whether the queue is clear
    setCounts(answer);
    take(answer.documents, began, first);
    if (!s.current) s.showNext();
    else s.drawBar();
    for (const [at, doc] of docs.slice(0, WANTED).entries()) s.images.prefetch(doc, at ? 1 : 0);
    if (!docs.length) timer = setTimeout(() => claim().catch(() => {}), LOOK_AGAIN_MS);
    return answer;
  }

  // What is held stays in its order, what is new comes behind it: a chart that was begun is finished first.
  function take(given, began, first) {
    const told = new Map(given.map((one) => [one.id, one]));
    const isDecided = (id) => taken.has(id) && !(taken.get(id) < began);
    const kept = docs.filter((doc) => doc === s.current || (told.get(doc.id)?.version === doc.version && !isDecided(doc.id)));
    const fresh = given.filter((one) => one.pages && !isDecided(one.id) && !kept.some((doc) => doc.id === one.id));
    for (const doc of docs) if (!kept.includes(doc)) s.images.drop(doc);
    for (const one of fresh) taken.delete(one.id);
    docs = [...kept, ...fresh.map((one) => ({ ...one, draft: draftOf(one) }))];
    const rank = (doc) => (doc === s.current ? 0 : doc.id === first ? 1 : 2);
    docs.sort((a, b) => rank(a) - rank(b));
  }

  function setCounts(answer) {
    if (answer.waiting !== undefined) counts.waiting = answer.waiting;
    if (answer.postponed !== undefined) counts.postponed = answer.postponed;
  }

  // Decided here: gone from the screen at once.
  function remove(doc) {
    last = doc.id;
    taken.set(doc.id, Infinity);
    docs = docs.filter((one) => one !== doc);
    counts.waiting = Math.max(0, counts.waiting - 1);
    if (docs.length < 2) claim().catch(() => {}); // else once the server has answered
  }

  function answered(id) {
    if (taken.has(id)) taken.set(id, performance.now());
    if (docs.length < WANTED) claim().catch(() => {});
  }

  // A document that was decided here comes back, with words; the person's work on another goes on.
  async function bringBack(id, words, { atOnce = false } = {}) {
    if (words) notes.set(id, words);
    taken.delete(id);
    docs = docs.filter((doc) => doc.id !== id || doc === s.current);
    const wasCurrent = s.current?.id === id;
    if (wasCurrent) s.leaveCurrent();
    try {
      await claim(id);
    } catch (error) {
      if (error instanceof Denied) s.say(`${words || ""} ${error.message}`.trim());
      return;
    }
    const doc = docs.find((one) => one.id === id);
    if (!doc) return s.say(words || "The document does not wait any more.");
    if (s.current === doc) return; // the screen was empty, so it is shown already
    if (atOnce || wasCurrent || !s.current) s.show(doc);
    else s.say(`${words} It comes next.`);
  }

  return {
    claim, remove, answered, bringBack, setCounts, counts,
    all: () => docs,
    next: () => docs.find((doc) => doc !== s.current) || null,
    first: () => docs[0] || null,
    note: (id) => {
      const words = notes.get(id) || "";
      notes.delete(id);
      return words;
    },
    promote: (doc) => {
      docs = [doc, ...docs.filter((one) => one !== doc)];
    },
    stop: () => clearTimeout(timer),
  };
}
