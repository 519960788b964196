"""How people and programs reach `quality`."""
