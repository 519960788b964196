"""Reading the lists of items that others keep, in whatever form they keep them."""
