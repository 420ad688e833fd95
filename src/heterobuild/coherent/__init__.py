"""Parts on one framework: sites, walls and profiles, elastic estimate → Heterostructure."""
