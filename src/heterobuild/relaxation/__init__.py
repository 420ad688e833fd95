"""Elastic estimates of atomic positions: a network of springs, solved as one sparse system."""
