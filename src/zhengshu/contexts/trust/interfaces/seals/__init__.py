"""Pages of seals, the check of sealed files, and the authority's own addresses."""
