"""Cases: everything that somebody asks for or that happens, decided step by step within its legal time.

We own case types (content in `packs/case-types`), cases, their tasks, clocks, parties and timelines. Our words:
a *case type* is a flow with limits; a *case* runs one version of it for ever; a *task* is a to-do of a role in a
party's department; an *outcome* ends a task; a *clock* says until when the law wants it; a *light* shows how near
that is. Basis: Decree 809, articles 17, 20 to 22 (answers, completion once, delivery). We never know what a
case is about: its subject is a kind, an id and a path, and the context that opened the case listens to our events.
"""
