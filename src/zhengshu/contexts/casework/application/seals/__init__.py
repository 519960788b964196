"""Seals as cases want them: applied for, and put on notices."""
