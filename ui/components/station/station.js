// The station: puts the parts together, and is what Streamlit calls.

const stations = new WeakMap();

export default function ({ data, parentElement }) {
  let s = stations.get(parentElement);
  if (!s) {
    s = openStation(parentElement, data);
    stations.set(parentElement, s);
  }
  s.lookAtTheme();
  return () => {
    s.close();
    stations.delete(parentElement);
  };
}

function openStation(parent, data) {
  const root = parent.querySelector(".station");
  const heard = [];
  const s = {
    root, station: newId(), types: data.types, current: null, isPainted: false, isOver: false, isLost: false,
    since: 0, isUsed: false, matching: 0, hasAsked: false,
  };
  // What is still under way when the session ends draws into nothing.
  s.find = (query) => root.querySelector(query) || (s.isOver ? document.createElement("div") : null);
  s.listen = (target, type, listener, options) => {
    target.addEventListener(type, listener, options);
    heard.push([target, type, listener, options]);
  };
  s.focus = () => root.focus({ preventScroll: true });
  s.say = (text, tone = "warn") => {
    const line = s.find(".says");
    line.textContent = text;
    line.className = `says ${tone}`;
  };
  s.tell = (text) => {
    s.find(".hidden-words").textContent = text;
  };
  s.images = makeImages(s);
  s.sheet = makeSheet(s);
  s.fields = makeFields(s);
  s.candidates = makeCandidates(s);
  s.queue = makeQueue(s);
  s.decisions = makeDecisions(s);
  s.dialogs = makeDialogs(s);
  addShowing(s);
  addActing(s);
  addKeeping(s, parent, data, heard);
  listenKeys(s);
  s.begin();
  return s;
}
