"""Many dots: how large they are, where they lie, how they are turned."""
