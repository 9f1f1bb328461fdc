// Dates as the screens show them.

function showDate(iso) {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  return found ? `${found[2]}/${found[3]}/${found[1]}` : iso;
}
