"""The sample county 石桥县: invented units, its plan, and a year of records, for trying Wuzha and for its tests.

Everything is made from a fixed seed and the day that is asked for. No place, person, brand or code is a real one.
"""
