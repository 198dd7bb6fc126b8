"""Patches of emulator functions that differ from AWS.

The emulator is pinned by hash. A patch that does not find its text fails the start, so that it cannot become ineffective unnoticed.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from types import ModuleType

from ministack.core import lambda_runtime


def install() -> None:
    # Must come first: other modules import the function by name.
    _hide_function_credentials()
    _answer_preflights_as_api_gateway()
    _log_failed_starts()


def _hide_function_credentials() -> None:
    """The emulator derives the credentials of a function's role from two ARNs, which are not secret. This mixes in the run's secret."""
    _edit(lambda_runtime, "execution_credentials", {
        'f"secret:{digest}"': "f\"secret:{os.environ['AWS_SECRET_ACCESS_KEY']}:{digest}\"",
        'f"token:{digest}"': "f\"token:{os.environ['AWS_SECRET_ACCESS_KEY']}:{digest}\"",
    })


def _answer_preflights_as_api_gateway() -> None:
    """An HTTP API answers preflights only if it has a CORS configuration; without one, OPTIONS is an ordinary route. `https://*` and
    `http://*` allow all origins of the scheme. The emulator answers 403 in both cases.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
    """
    from ministack.services import apigateway

    _edit(apigateway, "_handle_execute_in_scope", {'if method == "OPTIONS":': 'if method == "OPTIONS" and cors_cfg:'})
    _edit(apigateway, "_cors_response_headers", {
        "elif origin_lc and origin_lc in allowed_origins:":
            'elif origin_lc and (origin_lc in allowed_origins or origin_lc.partition("//")[0] + "//*" in allowed_origins):',
    })


def _log_failed_starts() -> None:
    """On AWS an error appears in the function's log and in the answer, also if the module cannot be loaded. The emulator logs nothing of
    a module that cannot be loaded. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
    """
    from ministack.services import lambda_svc

    _edit(lambda_svc, "_execute_function_warm", {
        '"log": "",': '"log": f"{datetime.now(timezone.utc):%Y-%m-%dT%H:%M:%S}Z\\tundefined\\tERROR\\tUncaught Exception: {\' \'.join(str(e).split())}",',
    })


def _edit(module: ModuleType, function: str, changes: Mapping[str, str]) -> None:
    source = inspect.getsource(getattr(module, function))
    for old, new in changes.items():
        if source.count(old) != 1:
            raise SystemExit(f"{module.__name__}.{function} does not contain the text to patch. Is this the pinned release?")
        source = source.replace(old, new)
    exec(compile(source, inspect.getsourcefile(module) or function, "exec"), module.__dict__)  # noqa: S102
