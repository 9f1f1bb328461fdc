// Showing the page of a hit or document, and stepping on from it.

function addPages(s) {
  s.openHit = async (number, { word = 0 } = {}) => {
    const hit = s.hits[number];
    if (!hit) return false;
    s.hit = number;
    [...s.find(".hits .list").querySelectorAll(".hit")].forEach((item, at) => {
      item.classList.toggle("shown", at === number);
      if (at === number) item.scrollIntoView({ block: "nearest" });
    });
    const held = await s.documentOf(hit);
    if (!held || s.hit !== number) return true;
    if (s.isAll) s.showBanner(hit.patient);
    s.word = word < 0 ? hit.words.length - 1 : word;
    const at = held.pages.findIndex((page) => page.id === hit.page.id);
    s.showPage(held, at, { boxes: hit.words, current: s.word, next: s.hits[number + 1]?.page.id });
    return true;
  };

  s.documentOf = async (hit) => {
    const held = s.documents.get(hit.document);
    if (held?.pages.some((page) => page.id === hit.page.id)) return held;
    const answer = await s.ask("document", { document: hit.document }, (error) => s.viewer.say(`${error.what} ${error.next_step}`));
    if (answer) s.documents.set(hit.document, answer.document);
    return answer?.document;
  };

  s.showPage = (held, at, { boxes = [], current = -1, next = null }) => {
    s.document = held;
    if (!boxes.length) s.word = -1;
    const title = `${held.label} · ${held.date ? showDate(held.date) : "no date"}`;
    s.viewer.show(held.pages, Math.max(0, at), { title, boxes, current, next });
    s.showLink(held);
    s.root.querySelectorAll(".time .row").forEach((row) => row.classList.toggle("shown", row.dataset.document === held.id));
  };

  s.showLink = (held) => {
    s.viewer.root.querySelector(".tools .details")?.remove();
    const details = makeButton("Details", "Pages, dates and history of this document", () => s.openDocument(held.id), "details");
    s.viewer.root.querySelector(".tools").append(details);
    if (s.may.export) offerPdf(s.viewer, held.id);
  };

  s.turnPage = (to) => {
    const page = s.viewer.pages[to];
    const number = s.hits.findIndex((hit) => hit.page.id === page.id);
    if (number >= 0) s.openHit(number);
    else s.showPage(s.document, to, {});
  };

  s.stepWord = (by) => {
    const hit = s.hits[s.hit];
    const isOnHit = hit && s.viewer.pages[s.viewer.at]?.id === hit.page.id;
    if (isOnHit && s.word + by >= 0 && s.word + by < hit.words.length) {
      s.word += by;
      s.viewer.mark(s.word);
      return;
    }
    s.stepHit(by, by < 0 ? -1 : 0);
  };

  s.stepHit = async (by, word = 0) => {
    if (s.tab === "time") return s.stepDocument(by);
    const to = s.hit + by;
    if (to >= s.hits.length && s.next !== null && s.hits.length) {
      await s.search({ offset: s.next, keepFilter: true });
    }
    if (to >= 0 && to < s.hits.length) s.openHit(to, { word });
  };

  s.stepDocument = (by) => {
    const documents = s.chart?.documents ?? [];
    const now = documents.findIndex((one) => one.id === s.document?.id);
    const held = documents[now < 0 ? 0 : now + by];
    if (held) s.openFromTimeline(held);
  };
}
