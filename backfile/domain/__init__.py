"""Documents, pages, patients, decisions and audit as plain values: no input or output here."""
