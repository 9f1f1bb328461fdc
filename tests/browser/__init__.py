"""The screens in a real Chromium, over a real installation that runs."""
