"""Files for people outside Discord."""
