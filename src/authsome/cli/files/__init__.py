"""Files that people name on the command line, or that lie where they work. Each is read within bounds."""
