"""Starts the form: `streamlit run app.py`."""

from dosimetry.web.start import main

main()
