"""The pages of signing in: authorise, parse, call once, answer."""
