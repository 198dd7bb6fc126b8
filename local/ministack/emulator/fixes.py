"""What the emulator does otherwise than AWS, corrected in its own functions.

The emulator is pinned by its hash. A correction that no longer finds its place ends the start, so that nobody believes in it.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from types import ModuleType

from ministack.core import lambda_runtime

_CORS_PAGE = "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html"


def install() -> None:
    # First: other modules take the function by its name when they are loaded.
    _hide_function_credentials()
    _answer_preflights_as_api_gateway()


def _hide_function_credentials() -> None:
    """The emulator derives the secret of a function's role from the ARNs of both, which are no secrets. The run's secret makes it one."""
    _edit(lambda_runtime, "execution_credentials", {
        'f"secret:{digest}"': "f\"secret:{os.environ['AWS_SECRET_ACCESS_KEY']}:{digest}\"",
        'f"token:{digest}"': "f\"token:{os.environ['AWS_SECRET_ACCESS_KEY']}:{digest}\"",
    })


def _answer_preflights_as_api_gateway() -> None:
    """OPTIONS belongs to the routes of an HTTP API without a CORS configuration, which the emulator answers with 403. `https://*` and
    `http://*` allow every origin of their scheme, which the emulator compares by the letter. Source: _CORS_PAGE.
    """
    from ministack.services import apigateway

    _edit(apigateway, "_handle_execute_in_scope", {'if method == "OPTIONS":': 'if method == "OPTIONS" and cors_cfg:'})
    _edit(apigateway, "_cors_response_headers", {
        "elif origin_lc and origin_lc in allowed_origins:":
            'elif origin_lc and (origin_lc in allowed_origins or origin_lc.partition("//")[0] + "//*" in allowed_origins):',
    })


def _edit(module: ModuleType, function: str, changes: Mapping[str, str]) -> None:
    source = inspect.getsource(getattr(module, function))
    for old, new in changes.items():
        if source.count(old) != 1:
            raise SystemExit(f"{module.__name__}.{function} is not the one that is corrected here: is this the pinned release?")
        source = source.replace(old, new)
    exec(compile(source, inspect.getsourcefile(module) or function, "exec"), module.__dict__)  # noqa: S102
