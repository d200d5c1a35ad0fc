"""The `./nacre` command. Standard library only; one concept a module."""
