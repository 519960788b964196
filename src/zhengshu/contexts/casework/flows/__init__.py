"""Engines behind the port `casework.domain.running.FlowEngine`; nothing else may import their libraries."""
