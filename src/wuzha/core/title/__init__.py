"""Titles (无诈单元): an accreditation by criteria that are a plan, with a life of its own and an end date."""
