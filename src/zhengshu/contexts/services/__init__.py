"""Services: what people and enterprises may ask of government, and how little they have to bring for it.

We own service items with their versions (the implementation list), applications over all channels, pre-review, one
things, benefits without application and ratings. Our words: *service item* (a matter that an organ handles, by one
immutable version at a time), *material* (what an application needs, with the source from which it comes), *theme*
(life events and topics by which people look for items), *promise* (a material that the applicant's word stands for).

Law: Decree 716 (online services), Decree 809, article 19 (what the government holds is not asked for); GB/T 39046-2020
gives the elements and their codes.

Never: ask a person for what an authoritative source can supply, promise a longer time than the law sets, change a
version that was published, keep a case's decisions (that is `casework`) or a certificate (that is `certificates`).
"""
