"""Which materials fit: mismatch of one pair, and tables of many."""
