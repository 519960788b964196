"""Lets the forms of cases be filled from certificates, from the start of the platform."""

from zhengshu.contexts.casework.api import use_certificates
from zhengshu.contexts.certificates.application.fill_forms import CertificatesForForms

use_certificates(CertificatesForForms())
