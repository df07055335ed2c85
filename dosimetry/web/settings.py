"""The settings of the form as flags for `streamlit run`, for where no settings file lies beside it.

They are those of `.streamlit/config.toml`, which a test compares: no usage statistics, reachable from this computer
only, no traceback in the browser, colors of sufficient contrast.
"""

SETTINGS: dict[str, str] = {
    "browser.gatherUsageStats": "false",
    "server.address": "127.0.0.1",
    "server.showEmailPrompt": "false",
    "server.maxUploadSize": "5",
    "server.maxMessageSize": "20",
    "server.fileWatcherType": "none",
    "server.enableXsrfProtection": "true",
    "server.enableCORS": "true",
    "server.enableStaticServing": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "client.showErrorLinks": "false",
    "runner.postScriptGC": "false",
    "theme.light.primaryColor": "#0b57a4",
    "theme.light.textColor": "#0a0a0a",
    "theme.light.linkColor": "#00145c",
    "theme.light.borderColor": "#8c8c8c",
    "theme.light.dataframeBorderColor": "#d9d9d9",
    "theme.light.codeTextColor": "#0a0a0a",
    "theme.dark.primaryColor": "#2b78cc",
    "theme.dark.backgroundColor": "#050505",
    "theme.dark.secondaryBackgroundColor": "#1f1f1f",
    "theme.dark.textColor": "#f7f7f7",
    "theme.dark.linkColor": "#b3d1ff",
    "theme.dark.borderColor": "#777777",
    "theme.dark.dataframeBorderColor": "#3d3d3d",
    "theme.dark.codeTextColor": "#f7f7f7",
}


def flags(*, port: int, headless: bool) -> list[str]:
    """The flags, with the port to listen on and whether to open no browser."""
    settings = {**SETTINGS, "server.port": str(port), "server.headless": str(headless).lower()}
    return [f"--{name}={value}" for name, value in settings.items()]
