"""The whole product, as its users start it: real processes, real Redis, real Tesseract."""
