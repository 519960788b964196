"""Large, realistic data for figures, put straight into tables; what is measured goes through use cases and pages."""
