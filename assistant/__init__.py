"""Casebook answers questions from a folder of case studies with verified quotations.

Importing this package loads no model and no web framework; it only closes the network doors of the
libraries that are loaded later (see `assistant.offline`).
"""

from assistant.offline import close_network_doors

__version__ = "0.1.0"

close_network_doors()
