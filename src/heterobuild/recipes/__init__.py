"""Recipes: YAML that describes a heterostructure, and the way from it to files."""

from __future__ import annotations

from heterobuild.recipes.loading import load_recipe, recipe_from
from heterobuild.recipes.pipeline import RunResult, build_plan, dry_run, run_recipe
from heterobuild.recipes.planning import Plan, plan_recipe
from heterobuild.recipes.records import CrystalOptions, ExportSettings, Recipe, SlabOptions
from heterobuild.recipes.schema import recipe_schema
from heterobuild.recipes.studies import Study, run_study
from heterobuild.recipes.template import recipe_template
from heterobuild.recipes.writing import recipe_text

__all__ = [
    "CrystalOptions",
    "ExportSettings",
    "Plan",
    "Recipe",
    "RunResult",
    "SlabOptions",
    "Study",
    "build_plan",
    "dry_run",
    "load_recipe",
    "plan_recipe",
    "recipe_from",
    "recipe_schema",
    "recipe_template",
    "recipe_text",
    "run_recipe",
    "run_study",
]
