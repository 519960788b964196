"""How static files are named: by their content once collected, plainly before."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise is untyped
    """Collected files carry a digest in their name and are cached for ever.

    A file that was not collected (tests, a first look at a page) keeps its plain name, so that no page ever
    fails for want of a picture; a test checks that every file named in a template exists.
    """

    manifest_strict = False
    patterns = (
        (
            "*.css",
            (
                r"""(?P<matched>url\((?P<quote>['"]{0,1})\s*(?P<url>.*?)(?P=quote)\))""",
                (
                    r"""(?P<matched>@import\s*(?P<quote>["'])\s*(?P<url>.*?)(?P=quote))""",
                    """@import url("%(url)s")""",
                ),
            ),
        ),
    )
    """References to other files; source maps are left out because we do not serve them."""

    def stored_name(self, name: str) -> str:
        """Return the name with its digest, or the plain name where nothing was collected."""
        known = self.hashed_files.get(self.hash_key(self.clean_name(name)))
        return name if known is None else known
