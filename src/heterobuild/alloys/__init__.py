"""Alloys: compounds whose sites several ions share."""
