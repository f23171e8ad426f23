"""Reports as one self-contained page each, in two languages: `report.py` is the frame, the rest are the sections."""
