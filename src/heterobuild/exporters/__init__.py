"""Heterostructure → files: CIF, POSCAR, LAMMPS data and extended XYZ, with their provenance."""

from heterobuild.exporters.formats import FORMATS
from heterobuild.exporters.output_folder import check_writable, staged
from heterobuild.exporters.writing import file_names, write

__all__ = ["FORMATS", "check_writable", "file_names", "staged", "write"]
