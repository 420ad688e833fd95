"""Crystal → block of sites: whole octahedra, the cages around them, and who sits where.

A framework lists the rigid units of one cell and which of them belong together; a block repeats
it on a regular grid. Everything a particle or a coherent dot needs (which octahedra are inside,
which halides and A cations belong to them, who stands on each site) is then a matter of small
integer arrays that are shifted against one another, linear in the number of atoms.
"""
