"""Two plans side by side: what came, went, was tightened or loosened; and whether a lower plan carries out a higher."""
