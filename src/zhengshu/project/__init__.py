"""The only place that knows all rooms: settings, routes, processes, command line."""
