"""Where a document ends, what type it is, whose identifiers are on it and which patient that is."""
