// Asking our own routes. Nothing is ever asked elsewhere.

class LinkLost extends Error {}
class SessionOver extends Error {}
class Denied extends Error {
  constructor(error, status) {
    super(`${error.what} ${error.next_step}`);
    this.status = status;
  }
}

const TIMEOUT_MS = 20000;

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
    throw new LinkLost();
  }
  if (answer.status === 401) throw new SessionOver();
  if (answer.status >= 500) throw new LinkLost();
  let content;
  try {
    content = await answer.json();
  } catch {
    throw new LinkLost();
  }
  if (answer.ok) return content;
  const unknown = { what: "The server refused.", next_step: "Reload the page." };
  throw new Denied(content.error || unknown, answer.status);
}
