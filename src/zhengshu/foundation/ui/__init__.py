"""The design system: what every page is made of.

Template tags, the form renderer, icons, facets and charts, and the list of browser files that come from npm.
How it looks is in `static/ui`, how it is marked up in `templates/ui`; `docs/design-system.md` shows the parts.
"""
