"""Decision tables (DMN): read, checked for gaps and overlaps, and run; pure, and with no path to the machine.

A `.dmn` file becomes a `Model` (`reading`), whose expressions are of a part of FEEL of our own (`syntax`, `parsing`,
`evaluating`): a whitelist, like the language of flows. What a file says beyond that is named with its element and is
never guessed at. `coverage` compares the rules of a table exactly, `deciding` asks them, `asking` serves the engine.
"""
