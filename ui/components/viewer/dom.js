// Making what is on the screen.

function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

function makeButton(label, title, act, className) {
  const button = make("button", className, label);
  button.type = "button";
  button.title = title;
  if (!/[A-Za-z]{2}/.test(label)) button.setAttribute("aria-label", title);
  button.onclick = act;
  return button;
}

function isTyping(event) {
  const target = event.composedPath()[0];
  return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable;
}

function sayEnded(root) {
  const note = make("p", "ended", "Session ended. ");
  const link = make("a", "", "Sign in");
  link.href = "/login";
  note.append(link, ".");
  root.replaceChildren(note);
}
