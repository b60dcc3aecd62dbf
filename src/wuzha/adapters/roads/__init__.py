"""Roads and outlines from outside: files of them, and many measured at once."""
