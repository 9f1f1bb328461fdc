// Asking our own routes. Nothing is ever asked elsewhere.

// What went wrong, as the server tells it: a code, what happened, and what to do next.
class AskError extends Error {
  constructor({ code, what, next_step }) {
    super(`${what} ${next_step}`);
    Object.assign(this, { code, what, next_step });
  }
}
class LinkLost extends AskError {} // nothing came of it; the same may be asked again
class SessionOver extends AskError {}
class Denied extends AskError {} // the server will not do it

const TIMEOUT_MS = 20000;
const OFFLINE = { code: "offline", what: "The server does not answer.", next_step: "Try again in a moment." };
const ENDED = { code: "session_ended", what: "Session ended.", next_step: "Sign in." };
const FAILED = { code: "failed", what: "Something went wrong.", next_step: "Try again." };

async function post(path, body, { keepalive = false } = {}) {
  let answer;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "X-Backfile": "1", "Content-Type": "application/json" },
      credentials: "same-origin",
      cache: "no-store",
      body: JSON.stringify(body),
      keepalive,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new LinkLost(OFFLINE);
  }
  if (answer.status === 401) throw new SessionOver(ENDED);
  const content = await answer.json().catch(() => null);
  if (answer.ok && content) return content;
  const Kind = !content || answer.status >= 500 ? LinkLost : Denied;
  throw new Kind(content?.error || FAILED);
}
