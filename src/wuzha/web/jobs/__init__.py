"""Work that takes longer than a page may: asked for by a person, kept in the database, done by a worker.

The lowest room of the shell: it knows no plan and no record. What each kind of job does is told by ``wuzha.web.works``.
"""
