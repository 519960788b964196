"""Certificates (电子证照): issued once, held by a person or an enterprise, shown, checked, renewed, taken back.

We own types of certificates with their templates, certificates in their versions, who may issue which type,
presentations, and who used a certificate for what. Articles of law: State Council Decree 716, articles 10 and 11;
identifiers by GB/T 36904. A certificate never changes: a change is a new version that names its predecessor. We never
decide whether somebody gets one: that is the case's; and we show nobody else's without a reason that is counted.
"""
