"""The words that every room of the house shares: identifiers, dates, clocks, masks, actors, errors.

Pure Python: no Django, no clock, no I/O. Everything here is a frozen type or a function of its arguments.
"""
