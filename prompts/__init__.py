"""Prompt files, as data. `NAME.vN.system.jinja` and its siblings belong together; a released version is never edited."""
