"""Pure rules of `services`: elements, limits, materials."""
