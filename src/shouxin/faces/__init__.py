"""The faces: how people and programs reach the desk. Thin: they read, call and print."""
