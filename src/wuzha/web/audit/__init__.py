"""Who did what and who looked at what: the pages of the audit log, its checks, and what becomes of it in time."""
