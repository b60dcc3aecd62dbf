"""Supervision: measures on units that are behind, as proposals, facts and events; and inspections drawn by lot.

Nothing here gives a measure. It proposes, with the facts of the day; a named person gives, hears and clears. Measures
are on units, never on persons, and nothing is put in order of better and worse.
"""
