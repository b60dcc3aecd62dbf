"""Is the site well? For the machine that runs it, for the balancer in front, and for whoever watches it."""
