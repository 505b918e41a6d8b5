"""At the root, so that pytest loads it for notebooks/ as well as for tests/."""

pytest_plugins = ["tests.notebooks.plugin", "pytester"]
