"""The form: pages in a browser around the library. The only package that imports streamlit; it computes nothing."""
