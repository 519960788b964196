"""The ledger of government data (政务数据目录, 一本账): what exists, who owns it, who may use it.

We own information systems, data resources with their versions and items, data elements with their one
authoritative source, code tables, and the official spreadsheet. Articles of law: Decree 809, articles 12 to 17
and 19. A resource goes Draft → Submitted → Approved → Published → Retired; what was published never changes, a
revision is a new version. We never hold a row of anybody's data and never decide who gets it: that is `exchange`.
"""
