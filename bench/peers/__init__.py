"""Programs that the figures are compared with, and the scripts of foreign load generators."""
