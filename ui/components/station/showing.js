// Showing a document: header, thumbnails, bar, pages.

function addShowing(s) {
  s.turnOf = (doc, page) => ((page.view_rotation + (doc.draft.turns.get(page.position) || 0)) % 360 + 360) % 360;

  s.show = (doc) => {
    s.current = doc;
    s.since = 0;
    s.queue.promote(doc);
    s.find(".clear").hidden = true;
    s.find(".desk").hidden = false;
    s.find(".foot").prepend(s.find(".says"));
    s.find(".scroll").scrollTop = 0;
    root("document", doc.id);
    s.images.load(pageAt(doc, doc.draft.page), "view", 0).catch(() => {}); // before its thumbnails
    s.drawThumbs(); // the strip takes room from the page
    s.sheet.show(doc, doc.draft.page);
    const note = s.queue.note(doc.id);
    s.say(note, note.startsWith("Undone") ? "info" : "warn");
    drawWhat(doc);
    s.fields.draw();
    s.candidates.draw();
    s.drawWhere();
    s.drawBar();
    s.decisions.drawPast();
    const reason = doc.reason_text;
    s.tell(`${doc.type.label}, ${plural(doc.pages.length, "page")}. ${reason} ${plural(doc.draft.candidates.length, "candidate")}.`);
  };

  s.showNext = () => {
    const doc = s.queue.next();
    if (doc) return s.show(doc);
    s.leaveCurrent();
    s.find(".desk").hidden = true;
    s.find(".clear").hidden = false;
    s.find(".clear-words").append(s.find(".says"));
    drawClear();
    s.drawBar();
  };

  s.leaveCurrent = () => {
    s.current = null;
    s.isPainted = false;
    root("document", "");
    s.sheet.clear();
  };

  // The page is on the screen.
  s.painted = (doc, page) => {
    if (!s.since) s.since = performance.now();
    s.isPainted = true;
    root("shown", doc.id);
    root("page", page.position);
    markTime("backfile-shown");
    s.fields.drawCrops();
    s.candidates.drawCrops();
    setTimeout(() => s.current === doc && s.images.prefetchAround(doc), 60);
  };

  s.saw = (doc, page) => {
    if (doc.draft.seen.has(page.position)) return;
    doc.draft.seen.add(page.position);
    s.drawThumbs();
  };

  s.showPage = async (position) => {
    const doc = s.current;
    if (!doc || position < 1 || position > doc.pages.length) return;
    const waited = s.sheet.show(doc, position);
    s.drawWhere();
    s.drawThumbs();
    await waited;
  };

  s.turnPage = (by) => {
    const doc = s.current;
    const to = clamp(doc.draft.page + by, 1, doc.pages.length);
    if (to !== doc.draft.page) s.showPage(to);
  };

  s.reloadImage = () => {
    const doc = s.current;
    s.say("");
    s.sheet.show(doc, doc.draft.page);
  };

  s.words = async (doc, position) => {
    const page = pageAt(doc, position);
    if (page.words) return page.words;
    try {
      page.words = (await post("/data/verify/words", { document: doc.id, position })).words;
    } catch (error) {
      s.failed(error);
    }
    return page.words || [];
  };

  s.fillCrop = async (place, doc, { page, box }, height, mostWide) => {
    if (!place) return;
    if (!page || !box) return place.replaceChildren();
    const sheet = pageAt(doc, page);
    const image = await s.images.load(sheet, "view", 2).catch(() => null);
    if (!image || s.current !== doc || !place.isConnected) return;
    const canvas = el("canvas", { role: "img", "aria-label": "cut out of the page" });
    drawCrop(canvas, image, box, s.turnOf(doc, sheet), height, mostWide);
    place.replaceChildren(canvas);
  };

  function drawWhat(doc) {
    const type = doc.draft.type || doc.type;
    s.find(".what").replaceChildren(
      el("p", { class: "which" },
        el("b", {}, type.label), el("kbd", {}, type.code || "T"),
        doc.draft.type ? el("small", {}, "✎ changed") : null,
        el("button", { type: "button", class: "quiet", "data-do": "type" }, "Type ", el("kbd", {}, "T")),
        el("span", { class: "part" }, `part ${doc.chart.part} of ${doc.chart.of} of file ${doc.chart.file}`),
      ),
      el("p", { class: "why" }, el("span", { class: "sign", "aria-hidden": "true" }, "?"), doc.reason_text),
    );
  }
  s.drawWhat = () => s.current && drawWhat(s.current);

  s.drawWhere = () => {
    const doc = s.current;
    s.find(".where").textContent = doc ? `page ${doc.draft.page} of ${doc.pages.length}` : "";
  };

  s.drawThumbs = () => {
    const doc = s.current;
    const strip = s.find(".thumbs");
    strip.hidden = !doc || doc.pages.length < 2;
    s.find(".desk").classList.toggle("has-thumbs", !strip.hidden);
    if (strip.hidden) return strip.replaceChildren();
    const chosen = s.candidates.chosen();
    if (strip.dataset.document !== doc.id || strip.children.length !== doc.pages.length) {
      strip.dataset.document = doc.id;
      strip.replaceChildren(...doc.pages.map((page) => thumb(doc, page)));
    }
    doc.pages.forEach((page, at) => {
      const button = strip.children[at];
      const isNow = page.position === doc.draft.page;
      const isSeen = doc.draft.seen.has(page.position);
      const mark = chosen ? chosen.page_marks[at] || "none" : "";
      button.className = `thumb ${mark ? `is-${mark}` : ""} ${isSeen ? "" : "unseen"}`;
      button.setAttribute("aria-current", isNow ? "page" : "false");
      button.style.setProperty("--turn", `${s.turnOf(doc, page)}deg`);
      const words = mark ? PAGE_MARKS[mark].join(" ") : "";
      button.querySelector(".mark").textContent = words;
      button.querySelector(".seen").textContent = isSeen ? "" : "○ unseen";
      button.setAttribute("aria-label", `Page ${page.position} ${words} ${isSeen ? "" : "not seen"}`);
      if (isNow) keepInView(strip, button);
    });
  };

  function thumb(doc, page) {
    const picture = el("span", { class: "picture" });
    s.images.load(page, "thumb", 3).then((image) => {
      const copy = new Image();
      copy.src = image.src;
      copy.alt = "";
      picture.replaceChildren(copy);
    }, () => {});
    const go = () => {
      s.showPage(page.position);
      s.focus();
    };
    return el("button", { type: "button", tabindex: "-1", onclick: go }, picture, el("b", {}, String(page.position)), el("span", { class: "mark" }), el("span", { class: "seen" }));
  }

  function keepInView(strip, button) {
    const [top, high] = [button.offsetTop - strip.offsetTop, button.offsetHeight];
    if (top < strip.scrollTop) strip.scrollTop = top - 8;
    else if (top + high > strip.scrollTop + strip.clientHeight) strip.scrollTop = top + high - strip.clientHeight + 8;
  }

  s.drawBar = () => {
    const { waiting, postponed } = s.queue.counts;
    const decided = s.decisions.decided();
    s.find(".progress").textContent =
      `${waiting} waiting${postponed ? ` (and ${postponed} postponed)` : ""}, ${decided} decided by you`;
    const unsaved = s.decisions.unsaved();
    const net = s.find(".net");
    net.textContent = s.isLost ? `✗ link lost, ${plural(unsaved, "decision")} kept` : unsaved ? `… saving ${unsaved}` : "✓ all saved";
    net.className = `net ${s.isLost ? "is-lost" : unsaved ? "is-busy" : ""}`;
    root("unsaved", unsaved);
    if (!s.find(".clear").hidden) drawClear();
  };

  function drawClear() {
    const { waiting, postponed } = s.queue.counts;
    const left = waiting + postponed;
    const others = left ? `${plural(left, "document")} still with somebody else or on the way here.` : "Nothing waits for a decision.";
    s.find(".clear-text").replaceChildren(
      s.hasAsked
        ? el("div", {}, el("h2", {}, left ? "Nothing for you right now" : "Queue is clear"), el("p", {}, others), el("p", {}, `${s.decisions.decided()} decided by you. New documents appear here by themselves; Z undoes the last decision.`))
        : el("div", {}, el("h2", {}, "Loading the queue …")),
    );
    root("state", s.hasAsked ? "clear" : "loading");
  }

  function root(name, value) {
    s.root.dataset[name] = String(value);
    if (name === "document" && value) s.root.dataset.state = "open";
  }
}
