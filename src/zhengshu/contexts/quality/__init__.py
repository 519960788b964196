"""Quality: every rule over every row of a table, and what follows from it.

We own the rules (content in `packs/rules`), the engine that checks a whole table in as few scans as possible, and
its assessments.

Our words: *rule* (what a value, a row or a table must fulfil, with dimension, indicator, severity, weight and basis),
*kind* (the closed set of what can be asked), *pack* (a folder of rules and of the tables they speak of), *row rule*
(answered by one row alone), *table rule* (answered by all rows together), *asked* (a rule asks a value that is there;
emptiness is the business of completeness alone), *assessment* (one run of a pack over a table).

Law: Decree 809, article 19 (the source department keeps data complete, accurate and usable); GB/T 36344-2018 gives the
dimensions and indicators.

Never: blame a row that a rule did not ask, show half a run as a whole one, copy personal data into results (they hold
row numbers and bits), let a rule run code of its own.
"""
