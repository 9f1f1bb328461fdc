// Acting on the document that is on the screen.

function addActing(s) {
  // Locked while the link is lost; what was decided before is kept.
  s.mayAct = () => {
    if (!s.isLost) return true;
    s.say("The link to the server is lost. Keys are locked until it is back; your decisions are kept.");
    return false;
  };

  function mayDecide() {
    if (!s.current || !s.mayAct()) return false;
    if (!s.isPainted) {
      s.say("The page image is not on the screen yet. Press I to load it again.");
      return false;
    }
    return performance.now() - s.since >= SHOWN_MS;
  }

  function decide(kind, more, text) {
    const doc = s.current;
    s.decisions.add(doc, kind, more, text);
    s.queue.remove(doc);
    s.images.drop(doc);
    s.leaveCurrent();
    s.say("");
    s.showNext();
    s.focus();
  }

  s.confirm = () => {
    if (!mayDecide()) return;
    const doc = s.current;
    const candidate = s.candidates.chosen();
    const count = s.candidates.all().length;
    const wrong = s.fields.problem(doc);
    if (wrong) return s.say(`${TAGS[wrong.name]}: ${wrong.problem}`);
    if (s.matching) return s.say("Comparing with the index again; press Enter in a moment.");
    if (!candidate) {
      return s.say(
        count === 0 ? "No candidate: P searches the patient index, X rejects."
          : `Choose ${count === 1 ? "1" : `1-${Math.min(count, 9)}`} first, then Enter.`,
      );
    }
    const unseen = candidate.to_see.find((position) => !doc.draft.seen.has(position));
    if (unseen) {
      s.showPage(unseen);
      return s.say(`Not confirmed: page ${unseen} differs from this patient and was not looked at yet. Here it is.`);
    }
    const more = { patient: candidate.patient, fields: s.fields.corrections(doc), seen: [...doc.draft.seen] };
    if (doc.draft.type) more.type = doc.draft.type.name;
    decide("confirm", more, `${nameOf(candidate.name)}, ${doc.draft.type?.label || doc.type.label}`);
  };

  s.reject = (reason, text, successor = null) => {
    if (mayDecide()) decide("reject", { reject: reason, successor, seen: [...s.current.draft.seen] }, text.split(":")[0]);
  };

  s.postpone = () => {
    if (mayDecide()) decide("postpone", {}, s.current.type.label);
  };

  s.split = () => {
    if (!mayDecide()) return;
    const page = s.current.draft.page;
    if (page < 2) return s.say("Split parts the document before the page on the screen: go to the page that begins the next document, then S.");
    decide("split", { page }, `before page ${page}; both parts come again`);
  };

  s.undo = () => s.decisions.undo();

  s.ask = (what) => {
    if (!s.current) return;
    if (what === "reject" && !mayDecide()) return;
    s.dialogs[what]();
  };

  s.edit = (name) => s.current && s.fields.focus(name);

  s.setType = (type) => {
    const doc = s.current;
    if (!doc) return;
    doc.draft.type = type.name === doc.type.name ? null : type;
    s.drawWhat();
    s.tell(`Type: ${type.label}.`);
  };

  s.turn = (degrees) => {
    const doc = s.current;
    const page = s.sheet.page();
    if (!doc || !page || !s.isPainted) return;
    const { turns } = doc.draft;
    turns.set(page.position, (turns.get(page.position) || 0) + degrees);
    s.sheet.turnBy();
    s.drawThumbs();
    s.fields.drawCrops();
    s.decisions.add(doc, "rotate", { page: page.position, degrees }, `page ${page.position}`);
    s.decisions.drawPast();
  };

  // A turn was undone while its document is on the screen: all else that was done to it stays.
  s.turnBack = ({ page, degrees }, words) => {
    const { turns } = s.current.draft;
    turns.set(page, (turns.get(page) || 0) - degrees);
    s.sheet.turnBy();
    s.drawThumbs();
    s.fields.drawCrops();
    s.say(words, "info");
  };

  // A patient found by search: who in the whole index could be taken for them. Enter waits for that.
  s.lookCloser = async (doc, { patient }) => {
    s.matching += 1;
    try {
      const body = { document: doc.id, patient, fields: s.fields.corrections(doc) };
      s.candidates.renew(doc, (await post("/data/verify/beside", body)).candidate);
    } catch (error) {
      if (error instanceof Denied) s.say(error.message);
      else s.failed(error);
    } finally {
      s.matching -= 1;
    }
  };

  // Corrected fields: how the server understands them, and whom matching proposes with them.
  s.matchAgain = async (doc) => {
    s.matching += 1;
    doc.draft.asked = (doc.draft.asked || 0) + 1;
    const mine = doc.draft.asked;
    try {
      const answer = await post("/data/verify/match", { document: doc.id, fields: s.fields.corrections(doc) });
      if (mine !== doc.draft.asked) return;
      s.fields.understood(doc, answer.fields);
      s.candidates.replace(doc, answer.candidates);
    } catch (error) {
      if (error instanceof Denied) s.say(error.message);
      else s.failed(error);
    } finally {
      s.matching -= 1;
    }
  };
}
