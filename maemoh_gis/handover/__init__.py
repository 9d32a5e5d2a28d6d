"""What QGIS, Excel or a telephone in the field opens of a finished run."""
