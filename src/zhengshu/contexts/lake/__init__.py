"""What departments deliver: files and tables become batches, snapshots and keyed serving tables.

We own deliveries (`Batch`), the rows set aside from them with their reasons, the Iceberg tables that keep every
snapshot, the serving tables that the exchange reads, and the lineage from a served row back to the delivered file.

Our words: *collect* (read a delivery into the lake), *batch* (one delivery), *set aside* (a row that does not fit
its resource's items waits, with its reason, until it is corrected), *replay* (deliver the corrected rows), *serving
table* (the published rows, swapped in one transaction), *profile* (what the columns of an unknown file hold).

Law: Decree 809, article 19 (the source department keeps data complete, accurate and usable) and article 26
(faults are found, reported to their owner and corrected).

Never: publish half a batch, drop a row silently, guess where a value could mean two things, show rows to
reviewers of the data authority (they see counts), keep personal data in events.
"""
