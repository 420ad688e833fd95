"""Recipes: YAML that describes a heterostructure, and the way from it to files."""

from __future__ import annotations

from heterobuild.recipes.loading import load_recipe, recipe_from
from heterobuild.recipes.pipeline import RunResult, dry_run, run_recipe
from heterobuild.recipes.records import ExportSettings, Recipe, SlabOptions
from heterobuild.recipes.schema import recipe_schema
from heterobuild.recipes.template import recipe_template
from heterobuild.recipes.writing import recipe_text

__all__ = [
    "ExportSettings",
    "Recipe",
    "RunResult",
    "SlabOptions",
    "dry_run",
    "load_recipe",
    "recipe_from",
    "recipe_schema",
    "recipe_template",
    "recipe_text",
    "run_recipe",
]
