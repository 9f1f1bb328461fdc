// A chart that is open, or all of them: whose it is, and leaving it.

function addOpening(s) {
  s.openChart = async (id, { again = false } = {}) => {
    const says = s.find(".choose .says");
    const chart = await s.ask("open", { patient: id }, (error) => {
      kept.patient = null;
      s.showChoice();
      says.textContent = `${error.what} ${error.next_step}`;
    });
    if (!chart) return;
    s.chart = chart;
    s.isAll = false;
    s.documents = new Map(chart.documents.map((one) => [one.id, one]));
    s.showWork(chart.patient, again);
    s.fillTimeline();
    s.showTab(again && kept.tab ? kept.tab : "time");
    if (s.text) s.search();
  };

  s.openAll = ({ again = false } = {}) => {
    s.chart = null;
    s.isAll = true;
    s.documents = new Map();
    s.showWork(null, again);
    s.showTab("hits");
    if (s.text) s.search();
  };

  s.showWork = (patient, again) => {
    s.text = again ? kept.text : "";
    Object.assign(kept, { patient: patient?.id ?? null, isAll: s.isAll, text: s.text });
    s.hits = [];
    s.hit = s.word = -1;
    s.document = null;
    s.filter = { types: new Set(), years: new Set() };
    s.order = "best";
    s.find(".choose").hidden = true;
    s.find(".open").hidden = false;
    s.find(".query").value = s.text;
    s.root.querySelector('.tab[data-tab="time"]').hidden = s.isAll;
    s.root.querySelector('.tab[data-tab="hits"]').textContent = "Hits";
    s.find(".hits .alert").hidden = true;
    s.find(".hits .facets").replaceChildren();
    s.find(".hits .list").replaceChildren();
    s.find(".hits .says").replaceChildren(make("p", "limit", s.isAll ? "All filed documents of all patients are searched." : "Type words and press Enter."));
    s.viewer.empty(s.isAll ? "Search, then choose a hit to see its page." : "Choose a document or a hit to see its pages.");
    s.showBanner(patient);
    s.measure();
    s.find(".query").focus({ preventScroll: true });
  };

  // The work area ends with the window, whatever stands above it.
  s.measure = () => {
    if (s.isEnded) return;
    const top = s.find(".work").getBoundingClientRect().top + window.scrollY;
    s.root.style.setProperty("--above", `${Math.round(top) + 12}px`);
  };

  s.showBanner = (patient) => {
    const banner = s.find(".banner");
    banner.classList.toggle("all", !patient);
    const other = makeButton("Another patient", "Choose another patient (p)", () => s.leave(), "other");
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
    if (s.isAll) facts.push(makeButton("Open this chart", "Search this patient's chart", () => s.openChart(patient.id), "into"));
    banner.replaceChildren(...facts, other);
  };

  s.leave = () => {
    Object.assign(kept, { patient: null, isAll: false, text: "", tab: "" });
    s.viewer.empty("");
    s.showChoice();
  };

  s.showTab = (tab) => {
    s.tab = kept.tab = tab;
    s.root.querySelectorAll(".tab").forEach((one) => {
      one.setAttribute("aria-selected", String(one.dataset.tab === tab));
    });
    s.find(".panel.hits").hidden = tab !== "hits";
    s.find(".panel.time").hidden = tab !== "time";
  };
}
