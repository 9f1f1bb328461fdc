// Choosing the patient whose chart is to be opened.

function addChoosing(s) {
  s.showChoice = async () => {
    if (s.isEnded) return;
    s.find(".open").hidden = true;
    s.find(".choose").hidden = false;
    s.find(".across").hidden = !s.may.all;
    s.find(".choose .says").textContent = "";
    s.find(".people").replaceChildren();
    s.find(".who .text").value = "";
    s.find(".who .text").focus({ preventScroll: true });
    const answer = await s.ask("recent", {}, () => {});
    if (answer?.patients.length && !s.find(".people").childElementCount) {
      s.find(".choose .says").textContent = "Opened before in this session:";
      s.listPeople(answer.patients);
    }
  };

  s.findPatients = async () => {
    const says = s.find(".choose .says");
    const text = s.find(".who .text").value;
    const turn = ++s.turn;
    says.textContent = "Looking…";
    const answer = await s.ask("patients", { text }, (error) => {
      says.textContent = `${error.what} ${error.next_step}`;
      s.find(".people").replaceChildren();
    });
    if (!answer || turn !== s.turn) return;
    const { patients, more, by_sound: bySound } = answer;
    if (!patients.length) says.textContent = "No patient of the index fits everything you typed. Check the spelling, or type less.";
    else if (bySound) says.textContent = "Nobody has exactly this name. These sound alike:";
    else if (more) says.textContent = `More than ${patients.length} patients fit. Add the birth date or the MRN.`;
    else says.textContent = `${count(patients.length, "patient")} ${patients.length === 1 ? "fits" : "fit"}.`;
    s.listPeople(patients);
    s.find(".person")?.focus({ preventScroll: true });
  };

  s.listPeople = (patients) => {
    s.find(".people").replaceChildren(
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
        row.onclick = () => s.openChart(patient.id);
        return row;
      }),
    );
  };
}
