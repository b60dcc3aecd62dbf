"""Scorecards: a unit's duties in points, each score with all that it is the sum of. Units only, and no ranking."""
