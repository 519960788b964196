"""One file per number that we publish; `make bench` reprints them."""
