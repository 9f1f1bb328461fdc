// The search screen: choose one patient, search that chart, see the hits on the page images.
// data: {all: may search across patients, open: patient to open at once, or ""}.
const KEYS = [
  ["/", "go to the search words"],
  ["Enter", "search; open the hit or document under the focus"],
  ["j  k", "next, previous hit (or document of the timeline)"],
  ["n  N", "next, previous hit word, on to the next page"],
  ["t", "timeline and back"],
  ["Page Down  Page Up", "next, previous page of the document"],
  ["+  -  0  9", "larger, smaller, fit the width, fit the page"],
  ["← →", "move the page; drag or turn the wheel as well"],
  ["p", "choose another patient"],
  ["Esc", "leave the field"],
];
const CHIPS_SHOWN = 3;
const ORDERS = [["best", "best first"], ["newest", "newest first"], ["oldest", "oldest first"]];
const screens = new WeakMap();
// What was open when the reader went to another screen of this tab; gone with the tab or the session.
const kept = (window.__backfileChart ??= { patient: null, isAll: false, text: "", tab: "" });

export default function ({ data, parentElement, setTriggerValue }) {
  let screen = screens.get(parentElement);
  if (!screen) {
    screen = new ChartScreen(parentElement, data);
    screens.set(parentElement, screen);
  }
  screen.openDocument = (id) => setTriggerValue("document", id);
  screen.configure(data);
  return () => {
    screen.destroy();
    screens.delete(parentElement);
  };
}

function showDate(iso) {
  const [year, month, day] = iso.split("-");
  return day ? `${month}/${day}/${year}` : iso;
}

function ageAt(birth, until) {
  const [y, m, d] = birth.split("-").map(Number);
  const age = until.getFullYear() - y - (until.getMonth() + 1 < m || (until.getMonth() + 1 === m && until.getDate() < d) ? 1 : 0);
  return age >= 0 && age < 130 ? age : null;
}

function count(number, thing) {
  return `${number.toLocaleString("en-US")} ${thing}${number === 1 ? "" : "s"}`;
}

function badgeOf(verified) {
  const badge = make("span", verified ? "badge verified" : "badge unverified", verified ? "✓ verified" : "◇ unverified");
  badge.title = verified
    ? "A person confirmed that this is the patient's document."
    : "Filed by the machine; no person has confirmed it yet.";
  return badge;
}

function markSnippet(text, marks) {
  const parts = [];
  let done = 0;
  for (const [from, to] of marks) {
    parts.push(text.slice(done, from), make("mark", "", text.slice(from, to)));
    done = to;
  }
  parts.push(text.slice(done));
  return parts;
}

class ChartScreen {
  constructor(parent, data) {
    this.root = parent.querySelector(".chart");
    this.may = data;
    this.chart = null;
    this.isAll = false;
    this.hits = [];
    this.hit = -1;
    this.document = null;
    this.word = -1;
    this.tab = "time";
    this.filter = { types: new Set(), years: new Set() };
    this.unfolded = new Set();
    this.order = "best";
    this.text = "";
    this.turn = 0;
    this.documents = new Map();
    this.onSize = () => this.measure();
    this.viewer = new PageViewer(this.$(".viewer"), {
      onMove: (to) => this.turnPage(to),
      onEnded: () => this.end(),
    });
    this.wire();
    this.begin();
  }

  $(selector) {
    return this.root.querySelector(selector);
  }

  configure(data) {
    this.may = data;
    this.$(".across").hidden = !data.all;
  }

  wire() {
    this.$(".who").onsubmit = (event) => (event.preventDefault(), this.findPatients());
    this.$(".ask").onsubmit = (event) => (event.preventDefault(), this.search());
    this.$(".all").onclick = () => this.openAll();
    this.$(".help").onclick = () => this.showHelp();
    this.root.querySelectorAll(".tab").forEach((tab) => (tab.onclick = () => this.showTab(tab.dataset.tab)));
    this.onKey = (event) => this.key(event);
    window.addEventListener("keydown", this.onKey, true);
    window.addEventListener("resize", this.onSize);
  }

  destroy() {
    window.removeEventListener("keydown", this.onKey, true);
    window.removeEventListener("resize", this.onSize);
    this.viewer.destroy();
  }

  begin() {
    if (kept.patient) return void this.openChart(kept.patient, { again: true });
    if (kept.isAll && this.may.all) return void this.openAll({ again: true });
    this.showChoice();
  }

  end() {
    this.isEnded = true;
    Object.assign(kept, { patient: null, isAll: false, text: "" });
    this.viewer.blank();
    sayEnded(this.root);
  }

  // Ask the server; null where the answer was an error that has been told.
  async fetch(name, body, tell) {
    try {
      return await ask(`/data/search/${name}`, body);
    } catch (error) {
      if (error.code === "session_ended") this.end();
      else tell(error);
      return null;
    }
  }

  // ---- choosing a patient

  async showChoice() {
    if (this.isEnded) return;
    this.$(".open").hidden = true;
    this.$(".choose").hidden = false;
    this.$(".across").hidden = !this.may.all;
    this.$(".choose .says").textContent = "";
    this.$(".people").replaceChildren();
    this.$(".who .text").value = "";
    this.$(".who .text").focus({ preventScroll: true });
    const answer = await this.fetch("recent", {}, () => {});
    if (answer?.patients.length && !this.$(".people").childElementCount) {
      this.$(".choose .says").textContent = "Opened before in this session:";
      this.listPeople(answer.patients);
    }
  }

  async findPatients() {
    const says = this.$(".choose .says");
    const text = this.$(".who .text").value;
    const turn = ++this.turn;
    says.textContent = "Looking…";
    const answer = await this.fetch("patients", { text }, (error) => {
      says.textContent = `${error.what} ${error.next_step}`;
      this.$(".people").replaceChildren();
    });
    if (!answer || turn !== this.turn) return;
    const { patients, more, by_sound: bySound } = answer;
    if (!patients.length) says.textContent = "No patient of the index fits everything you typed. Check the spelling, or type less.";
    else if (bySound) says.textContent = "Nobody has exactly this name. These sound alike:";
    else if (more) says.textContent = `More than ${patients.length} patients fit. Add the birth date or the MRN.`;
    else says.textContent = `${count(patients.length, "patient")} ${patients.length === 1 ? "fits" : "fit"}.`;
    this.listPeople(patients);
    this.$(".person")?.focus({ preventScroll: true });
  }

  listPeople(patients) {
    this.$(".people").replaceChildren(
      ...patients.map((patient) => {
        const row = make("button", "person");
        row.type = "button";
        row.dataset.patient = patient.id;
        row.setAttribute("role", "listitem");
        row.append(
          make("b", "name", patient.name),
          make("span", "born", patient.birth_date ? `born ${showDate(patient.birth_date)}` : "birth date not known"),
          make("span", "sex", patient.sex || "–"),
          make("span", "mrn", `MRN ${patient.mrn}${patient.facility ? ` (${patient.facility})` : ""}`),
          make("span", "dead", patient.death_date ? `† ${showDate(patient.death_date)}` : ""),
        );
        for (const note of patient.notes) row.append(make("span", note.startsWith("⚠") ? "note warn" : "note", note));
        row.onclick = () => this.openChart(patient.id);
        return row;
      }),
    );
  }

  // ---- a chart

  async openChart(id, { again = false } = {}) {
    const says = this.$(".choose .says");
    const chart = await this.fetch("open", { patient: id }, (error) => {
      kept.patient = null;
      this.showChoice();
      says.textContent = `${error.what} ${error.next_step}`;
    });
    if (!chart) return;
    this.chart = chart;
    this.isAll = false;
    this.documents = new Map(chart.documents.map((one) => [one.id, one]));
    this.showWork(chart.patient, again);
    this.fillTimeline();
    this.showTab(again && kept.tab ? kept.tab : "time");
    if (this.text) this.search();
  }

  openAll({ again = false } = {}) {
    this.chart = null;
    this.isAll = true;
    this.documents = new Map();
    this.showWork(null, again);
    this.showTab("hits");
    if (this.text) this.search();
  }

  showWork(patient, again) {
    this.text = again ? kept.text : "";
    Object.assign(kept, { patient: patient?.id ?? null, isAll: this.isAll, text: this.text });
    this.hits = [];
    this.hit = this.word = -1;
    this.document = null;
    this.filter = { types: new Set(), years: new Set() };
    this.order = "best";
    this.$(".choose").hidden = true;
    this.$(".open").hidden = false;
    this.$(".query").value = this.text;
    this.root.querySelector('.tab[data-tab="time"]').hidden = this.isAll;
    this.root.querySelector('.tab[data-tab="hits"]').textContent = "Hits";
    this.$(".hits .alert").hidden = true;
    this.$(".hits .facets").replaceChildren();
    this.$(".hits .list").replaceChildren();
    this.$(".hits .says").replaceChildren(make("p", "limit", this.isAll ? "All filed documents of all patients are searched." : "Type words and press Enter."));
    this.viewer.empty(this.isAll ? "Search, then choose a hit to see its page." : "Choose a document or a hit to see its pages.");
    this.showBanner(patient);
    this.measure();
    this.$(".query").focus({ preventScroll: true });
  }

  // The work area ends with the window, whatever stands above it.
  measure() {
    if (this.isEnded) return;
    const top = this.$(".work").getBoundingClientRect().top + window.scrollY;
    this.root.style.setProperty("--above", `${Math.round(top) + 12}px`);
  }

  showBanner(patient) {
    const banner = this.$(".banner");
    banner.classList.toggle("all", !patient);
    const other = makeButton("Another patient", "Choose another patient (p)", () => this.leave(), "other");
    if (!patient) {
      banner.replaceChildren(make("b", "name", "All patients"), make("span", "", "Each hit names its patient: compare before you read."), other);
      return;
    }
    const facts = [make("b", "name", patient.name)];
    if (patient.birth_date) {
      const until = patient.death_date ? new Date(`${patient.death_date}T12:00`) : new Date();
      const age = ageAt(patient.birth_date, until);
      facts.push(make("span", "born", `born ${showDate(patient.birth_date)}${age === null || patient.death_date ? "" : ` (${age} y)`}`));
    } else facts.push(make("span", "born", "birth date not known"));
    facts.push(make("span", "sex", { F: "female", M: "male" }[patient.sex] || patient.sex || "sex not known"));
    facts.push(make("span", "mrn", `MRN ${patient.mrn}${patient.facility ? ` · ${patient.facility}` : ""}`));
    if (patient.death_date) facts.push(make("span", "badge dead", `† deceased ${showDate(patient.death_date)}`));
    if (this.isAll) facts.push(makeButton("Open this chart", "Search this patient's chart", () => this.openChart(patient.id), "into"));
    banner.replaceChildren(...facts, other);
  }

  leave() {
    Object.assign(kept, { patient: null, isAll: false, text: "", tab: "" });
    this.viewer.empty("");
    this.showChoice();
  }

  showTab(tab) {
    this.tab = kept.tab = tab;
    this.root.querySelectorAll(".tab").forEach((one) => {
      one.setAttribute("aria-selected", String(one.dataset.tab === tab));
    });
    this.$(".panel.hits").hidden = tab !== "hits";
    this.$(".panel.time").hidden = tab !== "time";
  }

  // ---- searching

  async search({ offset = 0, keepFilter = false } = {}) {
    const text = this.$(".query").value.trim();
    if (!text) return;
    if (text !== this.text || !keepFilter) {
      if (!keepFilter) this.filter = { types: new Set(), years: new Set() };
      this.text = kept.text = text;
    }
    const turn = ++this.turn;
    const begun = performance.now();
    this.showTab("hits");
    this.$(".hits").setAttribute("aria-busy", "true");
    const answer = await this.fetch(
      "find",
      {
        patient: this.isAll ? null : this.chart.patient.id,
        text,
        types: [...this.filter.types],
        years: [...this.filter.years],
        order: this.order,
        offset,
      },
      (error) => turn === this.turn && this.failSearch(error),
    );
    if (turn !== this.turn || this.isEnded) return;
    this.$(".hits").removeAttribute("aria-busy");
    if (!answer) return;
    if (!offset) {
      this.hits = [];
      this.hit = -1;
      this.word = -1;
      this.$(".hits .list").replaceChildren();
    }
    this.$(".hits .alert").hidden = true;
    this.next = answer.next;
    this.showSays(answer);
    this.showFacets(answer);
    this.addHits(answer.hits);
    this.root.querySelector('.tab[data-tab="hits"]').textContent = `Hits ${answer.shown}${answer.partial ? "+" : ""}`;
    if (!offset) {
      this.$(".query").blur();
      if (this.document) this.showPage(this.document, this.viewer.at, { boxes: [] });
    }
    requestAnimationFrame(() => {
      this.root.dataset.took = String(Math.round(performance.now() - begun));
      this.root.dataset.answered = text;
    });
  }

  failSearch(error) {
    const isDown = error.code === "server_down";
    const alert = this.$(".hits .alert");
    alert.hidden = false;
    alert.replaceChildren(make("b", "", isDown ? "Search is down." : error.what), ` ${isDown ? `${error.what} ` : ""}${error.next_step}`);
    if (isDown && !this.isAll) {
      alert.append(
        make("p", "", "This says nothing about what is in the chart. The timeline and all page images still open."),
        makeButton("Open the timeline", "Timeline (t)", () => this.showTab("time")),
      );
    }
    this.hits = [];
    this.hit = -1;
    this.$(".hits .says").replaceChildren();
    this.$(".hits .facets").replaceChildren();
    this.$(".hits .list").replaceChildren();
    this.root.querySelector('.tab[data-tab="hits"]').textContent = "Hits";
  }

  showSays(answer) {
    const says = [make("p", answer.total ? "answer" : "answer none", answer.says)];
    if (answer.total && !answer.shown) says.push(makeButton("Drop the filter", "Drop the filter", () => this.dropFilter()));
    answer.limits.forEach((limit, at) => {
      const line = make("p", "limit", limit);
      if (!at && answer.coverage.pages_unreliable && this.chart) {
        line.append(" ", makeButton("Show them", "Show the pages that are not reliably readable", () => this.listUnreliable(), "link"));
      }
      says.push(line);
    });
    if (answer.partial) says.push(make("p", "limit", "There are more hits than are counted below: search for more words."));
    this.$(".hits .says").replaceChildren(...says);
  }

  showFacets(answer) {
    const rows = [];
    const build = (name, title, values) => {
      if (values.length < 2 && !this.filter[name].size) return;
      const row = make("div", "facet");
      row.setAttribute("role", "group");
      row.setAttribute("aria-label", title);
      row.append(make("span", "what", title));
      const chosen = this.filter[name];
      const offered = values.filter((one) => one.count || chosen.has(one.value));
      const isLong = offered.length > CHIPS_SHOWN + 1 && !this.unfolded.has(name);
      const first = isLong ? offered.filter((one, at) => at < CHIPS_SHOWN || chosen.has(one.value)) : offered;
      for (const { value, label, count: number } of first) {
        const chip = make("button", "chip", `${label} `);
        chip.type = "button";
        chip.append(make("span", "n", String(number)));
        chip.dataset.value = value;
        chip.setAttribute("aria-pressed", String(this.filter[name].has(value)));
        chip.onclick = () => {
          if (!this.filter[name].delete(value)) this.filter[name].add(value);
          this.search({ keepFilter: true });
        };
        row.append(chip);
      }
      if (isLong) {
        const unfold = () => (this.unfolded.add(name), this.showFacets(answer));
        row.append(makeButton(`+ ${offered.length - first.length}`, `Show all: ${title}`, unfold, "chip"));
      }
      rows.push(row);
    };
    if (answer.total) {
      build("types", "Type", answer.types);
      build("years", "Year", answer.years);
      const order = make("select", "order");
      order.setAttribute("aria-label", "Order of hits");
      for (const [value, label] of ORDERS) {
        const option = make("option", "", label);
        option.value = value;
        option.selected = value === this.order;
        order.append(option);
      }
      order.onchange = () => ((this.order = order.value), this.search({ keepFilter: true }));
      const row = make("div", "facet");
      row.append(make("span", "what", "Order"), order);
      if (this.filter.types.size || this.filter.years.size) row.append(makeButton("Drop the filter", "Drop the filter", () => this.dropFilter(), "chip"));
      rows.push(row);
    }
    this.$(".hits .facets").replaceChildren(...rows);
  }

  dropFilter() {
    this.filter = { types: new Set(), years: new Set() };
    this.search({ keepFilter: true });
  }

  addHits(hits) {
    const list = this.$(".hits .list");
    list.querySelector(".more")?.remove();
    for (const hit of hits) {
      const number = this.hits.push(hit) - 1;
      const item = make("li", "hit");
      const row = make("button", "row");
      row.type = "button";
      row.dataset.page = hit.page.id;
      const head = make("span", "head");
      head.append(
        make("b", "", hit.label),
        make("span", "date", hit.date ? showDate(hit.date) : "no date"),
        make("span", "page", `p. ${hit.page.position}`),
        badgeOf(hit.verified),
      );
      if (!hit.page.reliable) head.append(make("span", "badge dim", "? hard to read"));
      row.append(head);
      if (hit.patient && this.isAll) {
        const { name, birth_date: born, mrn } = hit.patient;
        row.append(make("span", "whose", `${name} · born ${born ? showDate(born) : "?"} · MRN ${mrn}`));
      }
      const snippet = make("span", "snippet");
      snippet.append(...markSnippet(hit.snippet, hit.marks));
      row.append(snippet);
      row.onclick = () => this.openHit(number);
      item.append(row);
      list.append(item);
    }
    if (this.next !== null) {
      const more = make("li", "more");
      more.append(makeButton("More hits", "More hits", () => this.search({ offset: this.next, keepFilter: true })));
      list.append(more);
    }
  }

  listUnreliable() {
    const rows = [];
    for (const one of this.chart.documents) {
      one.pages.forEach((page, at) => {
        if (page.reliable) return;
        const row = make("button", "row");
        row.type = "button";
        const head = make("span", "head");
        head.append(make("b", "", one.label), make("span", "date", one.date ? showDate(one.date) : "no date"), make("span", "page", `p. ${at + 1}`), badgeOf(one.verified));
        row.append(head);
        row.onclick = () => this.showPage(one, at, {});
        const item = make("li", "hit");
        item.append(row);
        rows.push(item);
      });
    }
    this.hits = [];
    this.hit = -1;
    this.$(".hits .facets").replaceChildren();
    this.$(".hits .list").replaceChildren(...rows);
  }

  // ---- showing pages

  async openHit(number, { word = 0 } = {}) {
    const hit = this.hits[number];
    if (!hit) return false;
    this.hit = number;
    [...this.$(".hits .list").querySelectorAll(".hit")].forEach((item, at) => {
      item.classList.toggle("shown", at === number);
      if (at === number) item.scrollIntoView({ block: "nearest" });
    });
    const held = await this.documentOf(hit);
    if (!held || this.hit !== number) return true;
    if (this.isAll) this.showBanner(hit.patient);
    this.word = word < 0 ? hit.words.length - 1 : word;
    const at = held.pages.findIndex((page) => page.id === hit.page.id);
    this.showPage(held, at, { boxes: hit.words, current: this.word, next: this.hits[number + 1]?.page.id });
    return true;
  }

  async documentOf(hit) {
    const held = this.documents.get(hit.document);
    if (held?.pages.some((page) => page.id === hit.page.id)) return held;
    const answer = await this.fetch("document", { document: hit.document }, (error) => this.viewer.say(`${error.what} ${error.next_step}`));
    if (answer) this.documents.set(hit.document, answer.document);
    return answer?.document;
  }

  showPage(held, at, { boxes = [], current = -1, next = null }) {
    this.document = held;
    if (!boxes.length) this.word = -1;
    const title = `${held.label} · ${held.date ? showDate(held.date) : "no date"}`;
    this.viewer.show(held.pages, Math.max(0, at), { title, boxes, current, next });
    this.showLink(held);
    this.root.querySelectorAll(".time .row").forEach((row) => row.classList.toggle("shown", row.dataset.document === held.id));
  }

  showLink(held) {
    this.viewer.root.querySelector(".tools .details")?.remove();
    const details = makeButton("Details", "Pages, dates and history of this document", () => this.openDocument(held.id), "details");
    this.viewer.root.querySelector(".tools").append(details);
  }

  turnPage(to) {
    const page = this.viewer.pages[to];
    const number = this.hits.findIndex((hit) => hit.page.id === page.id);
    if (number >= 0) this.openHit(number);
    else this.showPage(this.document, to, {});
  }

  stepWord(by) {
    const hit = this.hits[this.hit];
    const isOnHit = hit && this.viewer.pages[this.viewer.at]?.id === hit.page.id;
    if (isOnHit && this.word + by >= 0 && this.word + by < hit.words.length) {
      this.word += by;
      this.viewer.mark(this.word);
      return;
    }
    this.stepHit(by, by < 0 ? -1 : 0);
  }

  async stepHit(by, word = 0) {
    if (this.tab === "time") return this.stepDocument(by);
    const to = this.hit + by;
    if (to >= this.hits.length && this.next !== null && this.hits.length) {
      await this.search({ offset: this.next, keepFilter: true });
    }
    if (to >= 0 && to < this.hits.length) this.openHit(to, { word });
  }

  stepDocument(by) {
    const documents = this.chart?.documents ?? [];
    const now = documents.findIndex((one) => one.id === this.document?.id);
    const held = documents[now < 0 ? 0 : now + by];
    if (held) this.openFromTimeline(held);
  }

  // ---- timeline

  fillTimeline() {
    const { documents, waiting, likely } = this.chart;
    const years = new Map();
    for (const one of documents) {
      const year = one.date.slice(0, 4) || "no date";
      if (!years.has(year)) years.set(year, []);
      years.get(year).push(one);
    }
    const most = Math.max(1, ...[...years.values()].map((held) => held.length));
    const list = [];
    const bars = [];
    for (const [year, held] of years) {
      const head = make("h3", "year", `${year} `);
      head.append(make("span", "n", count(held.length, "document")));
      const group = make("section");
      group.append(head, ...held.map((one) => this.makeTimelineRow(one)));
      list.push(group);
      const bar = make("button", "bar");
      bar.type = "button";
      bar.title = `${year}: ${count(held.length, "document")}`;
      bar.setAttribute("aria-label", bar.title);
      const fill = make("span", "fill");
      fill.style.height = `${4 + Math.round((28 * held.length) / most)}px`;
      bar.append(fill, make("span", "label", year === "no date" ? "?" : year));
      bar.onclick = () => head.scrollIntoView({ block: "start" });
      bars.push(bar);
    }
    const pages = documents.reduce((sum, one) => sum + one.pages.length, 0);
    const says = make("p", "limit", `${count(documents.length, "document")}, ${count(pages, "page")} filed.`);
    if (!documents.length) says.textContent = "Nothing is filed in this chart yet.";
    const notes = [says];
    if (likely) notes.push(make("p", "limit", `${count(likely, "document")} perhaps of this patient ${likely === 1 ? "awaits" : "await"} verification and ${likely === 1 ? "is" : "are"} not shown.`));
    else if (waiting) notes.push(make("p", "limit", `${count(waiting, "document")} of the archive ${waiting === 1 ? "awaits" : "await"} verification; any may belong here.`));
    this.$(".time .years").replaceChildren(...bars);
    this.$(".time .years").hidden = bars.length < 2;
    this.$(".time .list").replaceChildren(...notes, ...list);
    this.root.querySelector('.tab[data-tab="time"]').textContent = `Timeline ${documents.length}`;
  }

  makeTimelineRow(one) {
    const row = make("button", "row");
    row.type = "button";
    row.dataset.document = one.id;
    const dim = one.pages.filter((page) => !page.reliable).length;
    row.append(
      make("span", "date", one.date ? showDate(one.date) : "no date"),
      make("b", "", one.label),
      make("span", "page", `${one.pages.length} p.`),
      badgeOf(one.verified),
    );
    if (dim) row.append(make("span", "badge dim", `? ${dim === one.pages.length ? "" : `${dim} `}hard to read`));
    row.onclick = () => this.openFromTimeline(one);
    return row;
  }

  openFromTimeline(held) {
    const answers = new Map(this.hits.map((hit, number) => [hit.page.id, number]));
    const first = held.pages.findIndex((page) => answers.has(page.id));
    this.hit = first < 0 ? -1 : answers.get(held.pages[first].id);
    const hit = this.hits[this.hit];
    this.showPage(held, 0, hit && first === 0 ? { boxes: hit.words, current: 0 } : {});
    this.root.querySelector(`.time .row[data-document="${held.id}"]`)?.scrollIntoView({ block: "nearest" });
  }

  // ---- keys

  showHelp() {
    const help = this.$(".keyhelp");
    const table = make("table");
    for (const [keys, what] of KEYS) {
      const row = make("tr");
      const cell = make("td");
      cell.append(...keys.split("  ").flatMap((key, at) => (at ? [" ", make("kbd", "", key)] : [make("kbd", "", key)])));
      row.append(cell, make("td", "", what));
      table.append(row);
    }
    help.replaceChildren(make("h3", "", "Keys"), table, makeButton("Close", "Close (Esc)", () => help.close()));
    help.showModal();
  }

  key(event) {
    if (this.isEnded) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (this.$(".keyhelp")?.open || this.$(".open")?.hidden !== false) return;
    const path = event.composedPath();
    if (isTyping(event)) {
      if (event.key === "Escape" && path.includes(this.root)) path[0].blur();
      else if (event.key === "ArrowDown" && path[0] === this.$(".query")) this.stepHit(1);
      else return;
      event.preventDefault();
      return;
    }
    const acts = {
      "/": () => (this.$(".query").focus(), this.$(".query").select()),
      j: () => this.stepHit(1),
      k: () => this.stepHit(-1),
      ArrowDown: () => this.stepHit(1),
      ArrowUp: () => this.stepHit(-1),
      n: () => this.stepWord(1),
      N: () => this.stepWord(-1),
      t: () => !this.isAll && this.showTab(this.tab === "time" ? "hits" : "time"),
      p: () => this.leave(),
      "?": () => this.showHelp(),
    };
    const act = acts[event.key];
    if (act) act();
    else if (event.key === "Enter" && path[0].tagName !== "BUTTON" && this.hit < 0 && this.hits.length) this.openHit(0);
    else if (!this.viewer.key(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }
}
