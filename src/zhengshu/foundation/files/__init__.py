"""Files that people hand in: judged by their content, kept once under their digest, never opened by us.

`kinds` says which kinds are known, `judging` whether a content is what it says and safe to hand on, `keeping` writes it
piece by piece under its digest, `scanning` asks a virus scanner where one is configured. What a file belongs to, and
who may have it, is the business of the context that keeps it.
"""
