"""Seals: applied for, made, given into hands, used, revoked, and checked by anybody."""
