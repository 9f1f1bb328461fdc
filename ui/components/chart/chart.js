// The search screen: choose one patient, search that chart, see the hits on the page images.
// data: {export: may save documents, all: may search across patients}.
const screens = new WeakMap();
// What was open when the reader went to another screen of this tab; gone with the tab or the session.
const kept = (window.__backfileChart ??= { patient: null, isAll: false, text: "", tab: "" });

export default function ({ data, parentElement, setTriggerValue }) {
  let screen = screens.get(parentElement);
  if (!screen) {
    screen = openScreen(parentElement, data);
    screens.set(parentElement, screen);
  }
  screen.openDocument = (id) => setTriggerValue("document", id);
  screen.configure(data);
  return () => {
    screen.destroy();
    screens.delete(parentElement);
  };
}

function openScreen(parent, data) {
  const s = {
    root: parent.querySelector(".chart"), may: data, isEnded: false, chart: null, isAll: false, text: "", turn: 0,
    hits: [], hit: -1, next: null, document: null, documents: new Map(), word: -1, tab: "time",
    filter: { types: new Set(), years: new Set() }, unfolded: new Set(), order: "best",
  };
  s.find = (selector) => s.root.querySelector(selector);
  addChoosing(s);
  addOpening(s);
  addSearching(s);
  addPages(s);
  addTimeline(s);
  addKeys(s);

  // Ask the server; null where the answer was an error that has been told.
  s.ask = async (name, body, tell) => {
    try {
      return await post(`/data/search/${name}`, body);
    } catch (error) {
      if (error instanceof SessionOver) s.end();
      else tell(error);
      return null;
    }
  };

  s.configure = (now) => {
    s.may = now;
    s.find(".across").hidden = !now.all;
  };

  s.end = () => {
    s.isEnded = true;
    Object.assign(kept, { patient: null, isAll: false, text: "" });
    s.viewer.blank();
    sayEnded(s.root);
  };

  s.destroy = () => {
    window.removeEventListener("keydown", s.key, true);
    window.removeEventListener("resize", s.measure);
    s.viewer.destroy();
  };

  s.viewer = new PageViewer(s.find(".viewer"), { onMove: (to) => s.turnPage(to), onEnded: () => s.end() });
  s.find(".who").onsubmit = (event) => (event.preventDefault(), s.findPatients());
  s.find(".ask").onsubmit = (event) => (event.preventDefault(), s.search());
  s.find(".all").onclick = () => s.openAll();
  s.find(".help").onclick = () => s.showHelp();
  s.root.querySelectorAll(".tab").forEach((tab) => (tab.onclick = () => s.showTab(tab.dataset.tab)));
  window.addEventListener("keydown", s.key, true);
  window.addEventListener("resize", s.measure);
  begin();
  return s;

  function begin() {
    if (kept.patient) s.openChart(kept.patient, { again: true });
    else if (kept.isAll && s.may.all) s.openAll({ again: true });
    else s.showChoice();
  }
}
