// Tells the server that somebody is at work here (keys, clicks, wheel), and blanks this tab when the
// session is over: ended elsewhere, too long unused, or unknown because the server cannot be asked.
const ASK_SECONDS = 15;
const ASK_ON_USE_SECONDS = 3;
const BEAT_SECONDS = 45;
const OURS = { "X-Backfile": "1" };
let watch = null;
let isLeaving = false;

export default function ({ data, parentElement }) {
  const who = data.name === data.role ? data.name : `${data.name} · ${data.role}`;
  parentElement.querySelector(".who").textContent = who;
  parentElement.querySelector(".out").onclick = signOut;
  watch ??= startWatch();
  watch.state.session = data.session;
}

function startWatch() {
  const state = { used: true, beaten: Date.now(), asked: 0, ends: Infinity, asking: false, soon: 0, session: null };
  const use = (event) => {
    if (!event.isTrusted) return;
    state.used = true;
    clearTimeout(state.soon);
    state.soon = setTimeout(() => ask(state), Math.max(0, state.asked + ASK_ON_USE_SECONDS * 1000 - Date.now()));
  };
  for (const kind of ["keydown", "pointerdown", "wheel"]) {
    window.addEventListener(kind, use, { capture: true, passive: true });
  }
  const channel = new BroadcastChannel("backfile-session");
  channel.onmessage = () => leave("ended");
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) ask(state);
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    isLeaving = false;
    ask(state);
  });
  setInterval(() => {
    if (Date.now() >= state.ends) leave("ended");
  }, 1000);
  setInterval(() => ask(state), ASK_SECONDS * 1000);
  ask(state);
  return { channel, state };
}

async function ask(state) {
  if (state.asking) return;
  clearTimeout(state.soon);
  state.asking = true;
  const beats = state.used && Date.now() - state.beaten >= BEAT_SECONDS * 1000;
  const asked = (state.asked = Date.now());
  try {
    const answer = await fetch(beats ? "/session/beat" : "/session/left", {
      method: "POST",
      headers: OURS,
      credentials: "same-origin",
      cache: "no-store",
    });
    if (answer.status === 401) return leave("ended");
    if (!answer.ok) return;
    const { seconds, session } = await answer.json();
    if (state.session && session !== state.session) {
      // Somebody else has signed in meanwhile, in another tab of this browser.
      document.documentElement.style.visibility = "hidden";
      return location.reload();
    }
    state.ends = asked + seconds * 1000;
    if (beats) {
      state.beaten = asked;
      state.used = false;
    }
  } catch {
    // The server does not answer; what is on the screen stays until the session would have ended.
  } finally {
    state.asking = false;
  }
}

async function signOut() {
  try {
    await fetch("/logout", { method: "POST", headers: OURS, credentials: "same-origin", cache: "no-store" });
  } finally {
    watch.channel.postMessage("ended");
    leave("out");
  }
}

// Once: an answer that is still under way must not turn a sign-out into a session that ended.
function leave(why) {
  if (isLeaving) return;
  isLeaving = true;
  document.documentElement.style.visibility = "hidden";
  const next = encodeURIComponent(location.pathname + location.search);
  location.replace(why === "out" ? "/login?out=1" : `/login?ended=1&next=${next}`);
}
