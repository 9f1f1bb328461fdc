// Decisions: shown as done at once, sent with an id, sent again until the server has answered each.

const RETRY_MS = [500, 1000, 2000, 3000, 5000];
const WORDS = {
  confirm: "Confirmed", reject: "Rejected", postpone: "Postponed", split: "Split", rotate: "Turned", undo: "Undone",
};

function makeDecisions(s) {
  let outbox = []; // not answered yet: { request, doc, past }
  const past = []; // the last ones first: { request, doc, text, state }
  let isSending = false;
  let tries = 0;
  let timer = 0;
  let decided = 0;

  function add(doc, kind, more, text) {
    const request = { id: newId(), kind, document: doc.id, version: doc.version, ...more };
    const entry = { request, doc, past: null };
    if (kind !== "undo") {
      entry.past = { request, doc, text: `${WORDS[kind]}${text ? `: ${text}` : ""}`, state: "saving" };
      past.unshift(entry.past);
      past.length = Math.min(past.length, 30);
    }
    outbox.push(entry);
    if (kind === "confirm" || kind === "reject") decided += 1;
    send();
    return request;
  }

  // Of one document only the oldest unanswered one is sent: the next needs the version that it makes.
  function ready() {
    const documents = new Set();
    return outbox.filter(({ request }) => {
      if (documents.has(request.document)) return false;
      documents.add(request.document);
      return true;
    });
  }

  async function send() {
    s.drawBar();
    if (isSending || !outbox.length || s.isOver) return;
    isSending = true;
    clearTimeout(timer);
    const batch = ready();
    try {
      const decisions = batch.map(({ request }) => request);
      const answer = await post("/data/verify/decide", { station: s.station, decisions });
      isSending = false;
      tries = 0;
      s.linked();
      s.queue.setCounts(answer);
      for (const one of answer.answers) settle(one);
    } catch (error) {
      isSending = false;
      if (error instanceof Denied) {
        for (const { request } of batch) settle({ request: request.id, outcome: "refused", text: error.message, version: null });
      } else {
        s.failed(error);
        timer = setTimeout(send, RETRY_MS[Math.min(tries, RETRY_MS.length - 1)]);
        tries += 1;
        return;
      }
    }
    s.drawBar();
    drawPast();
    if (outbox.length) send();
  }

  function settle(answer) {
    const entry = outbox.find(({ request }) => request.id === answer.request);
    if (!entry) return;
    outbox = outbox.filter((one) => one !== entry);
    const { request, doc } = entry;
    if (answer.outcome === "saved") return saved(entry, answer);
    const following = outbox.filter((one) => one.request.document === request.document);
    outbox = outbox.filter((one) => !following.includes(one)); // they stood on what was not saved
    for (const one of [entry, ...following]) {
      if (one.past) past.splice(past.indexOf(one.past), 1);
      if (one.request.kind === "confirm" || one.request.kind === "reject") decided -= 1;
    }
    s.queue.answered(request.document);
    s.queue.bringBack(doc.id, `Not saved (${WORDS[request.kind].toLowerCase()}): ${answer.text}`);
  }

  function saved({ request, doc, past: item }, answer) {
    if (answer.version !== null && answer.version !== undefined) {
      doc.version = answer.version;
      for (const other of outbox) if (other.request.document === doc.id) other.request.version = answer.version;
      for (const held of s.queue.all()) if (held.id === doc.id) held.version = answer.version;
    }
    if (item) item.state = "saved";
    if (request.kind === "undo") return undone(request, doc);
    s.queue.answered(doc.id);
    if (answer.text && request.kind !== "rotate") s.tell(answer.text);
  }

  function undone(request, doc) {
    const at = past.findIndex((item) => item.request.id === request.undoes);
    const item = at >= 0 ? past.splice(at, 1)[0] : null;
    if (item && (item.request.kind === "confirm" || item.request.kind === "reject")) decided -= 1;
    const words = item ? `Undone: ${item.text}.` : "Undone.";
    if (item?.request.kind === "rotate" && s.current === doc) return s.turnBack(item.request, words);
    s.queue.bringBack(doc.id, words, { atOnce: true });
  }

  function undo() {
    const item = past.find((one) => one.state !== "undoing");
    if (!item) return s.say("There is nothing to undo.");
    item.state = "undoing";
    s.say("Undoing …", "info");
    add(item.doc, "undo", { undoes: item.request.id });
    drawPast();
  }

  function drawPast() {
    const marks = { saving: "…", saved: "✓", undoing: "↶" };
    s.find(".past").replaceChildren(
      ...past.slice(0, 3).map((item) => el("li", {}, `${marks[item.state]} ${item.text}`)),
    );
  }

  return {
    add, undo, send, drawPast,
    unsaved: () => outbox.length,
    decided: () => decided,
    stop: () => clearTimeout(timer),
  };
}
