"""The file format of an archive: a sealed stream of named parts."""
