// How facts of a chart are put into words and marks.

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
