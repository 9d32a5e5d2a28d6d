"""Where a green industrial estate and a rail container yard could go at Mae Moh after coal."""

__version__ = "0.1.0"
