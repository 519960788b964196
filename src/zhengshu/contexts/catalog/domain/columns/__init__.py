"""Recognition of a file's columns by what is in them, so that an officer corrects instead of typing."""
