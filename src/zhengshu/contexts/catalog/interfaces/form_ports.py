"""Lets the forms of cases choose from our code tables and ask for our sources, from the start of the platform."""

from zhengshu.contexts.casework.api import use_code_tables, use_sources
from zhengshu.contexts.catalog.application.serve_forms import CatalogForForms

use_code_tables(CatalogForForms())
use_sources(CatalogForForms())
