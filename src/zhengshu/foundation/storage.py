"""Where the platform keeps files: one folder, named by a setting, nothing outside of it."""

from pathlib import Path

from django.conf import settings


def data_folder(*parts: str) -> Path:
    """Return a folder under the data folder, made when missing.

    Raises:
        ValueError: a part that would lead outside.
    """
    root = Path(settings.DATA_FOLDER)
    folder = root.joinpath(*parts).resolve()
    if not folder.is_relative_to(root.resolve()):
        message = f"{folder} is outside of the data folder"
        raise ValueError(message)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
