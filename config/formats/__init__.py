"""How dates and numbers are written where the framework's own way for a language is not ours, or it has none."""
