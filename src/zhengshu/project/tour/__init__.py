"""The tour: one lawful shared call, end to end, on an empty platform of its own.

`zhengshu tour [FILE]` runs `python -m zhengshu.project.tour` with a fresh data folder (and, where `DATABASE_URL`
is set, a fresh database on that server), so that nothing of the real platform is touched.
"""
