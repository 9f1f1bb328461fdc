"""From a file's page to its words: rasterize, turn upright, deskew, read."""
