"""Arrays in, arrays out: plane lattices, strain, planes of heights, rigid units."""
