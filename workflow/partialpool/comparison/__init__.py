"""Which model predicts best what it has not seen: units, leaving out, ranking."""
