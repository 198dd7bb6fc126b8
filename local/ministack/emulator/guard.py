"""An ASGI middleware that protects the emulator from web pages and from other users of the machine (ADR 0012).

With AUTH=true the emulator verifies signatures of roles and IAM users. It does not verify those of root keys, and it treats unsigned
requests as root in S3 and wherever it knows no IAM action. So this middleware assigns each request to one plane and denies by default:

- stage: what an app publishes to browsers (API stages, function URLs, distributions, load balancers). The app's own CORS applies.
- public: what AWS serves without a signature (Cognito sign-in, AppSync). Only for pages that this machine serves.
- internal: the emulator's own endpoints below /_ministack. Signed with the run's key.
- control: everything else. Signed with the run's key or with credentials that the emulator issued.

A request without a verified signature also gets the services that it may reach. The emulator chooses the service from headers, query and body.
The guard asks at that point, with the emulator's own decision, so both can never differ.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, quote
from xml.sax.saxutils import escape

from ministack import app as emulator
from ministack.core import iam_actions, iam_evaluator, sigv4
from ministack.core.responses import set_request_account_id
from ministack.core.router import detect_service

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
# Names below .localhost always resolve to the loopback interface (RFC 6761, section 6.3), so DNS rebinding cannot use them.
_LOCAL_NAME = re.compile(r"^(?:[a-z0-9_-]+\.)+localhost$")
# Names of AWS domains, which an attacker cannot rebind. Clients set them as Host to reach a resource by the name in its template.
_AWS_NAME = re.compile(r"^(?:[a-z0-9]+\.cloudfront\.net|[a-z0-9]+\.lambda-url\.[a-z0-9-]+\.on\.aws|[a-z0-9.-]+\.elb\.amazonaws\.com)$")
_LOCAL_ORIGIN = re.compile(r"^https?://(?:localhost|127\.0\.0\.1|\[::1\]|(?:[a-z0-9_-]+\.)+localhost)(?::\d+)?$", re.IGNORECASE)

_CAPABILITY = re.compile(r"^/_ministack/cfn-(?:response|signal)/[^/]+$")
_HEALTH = frozenset({"/_ministack/health", "/_localstack/health", "/health", "/_ministack/ready"})
# Exactly what the emulator answers before it looks for a service.
_HOSTED_LOGIN = {
    "GET": frozenset({"/oauth2/authorize", "/oauth2/userInfo", "/oauth2/userinfo", "/logout"}),
    "POST": frozenset({"/oauth2/token", "/oauth2/userInfo", "/oauth2/userinfo", "/oauth2/login", "/login"}),
}
_WELL_KNOWN = re.compile(r"^/([^/]+)/\.well-known/(?:jwks\.json|openid-configuration)$")
_APPSYNC_HOST = re.compile(r"^[a-z0-9]+\.appsync-(?:realtime-)?api\.")
_UNSIGNED_SERVICES = {"AWSCognitoIdentityProviderService": "cognito-idp", "AWSCognitoIdentityService": "cognito-identity"}
_CORS_PREFIX = b"access-control-"
_FORM = "application/x-www-form-urlencoded"

_NO_SERVICE: frozenset[str] = frozenset()
_S3 = frozenset({"s3"})
# The services that the current request may reach through the emulator's router. None: all, because its signature was verified.
_reach: ContextVar[frozenset[str] | None] = ContextVar("reach", default=_NO_SERVICE)


class Refused(Exception):
    """The request is denied. ``code`` is the AWS error code, or empty for a plain-text answer."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Request:
    """A request without its body, parsed exactly as the emulator parses it."""

    method: str
    path: str
    raw_path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    websocket: bool
    signed_headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, scope: Message) -> Request:
        headers: dict[str, str] = {}
        signed: dict[str, str] = {}
        for name, value in scope.get("headers", []):
            key, text = name.decode("latin-1").lower(), sigv4.decode_header_value(value)
            headers[key] = headers[key] + ("; " if key == "cookie" else ", ") + text if key in headers else text
            # SigV4 joins the values of a repeated header with a comma and no space.
            signed[key] = f"{signed[key]},{text}" if key in signed else text
        raw_path = scope.get("raw_path") or quote(scope["path"]).encode()
        query = parse_qs(scope.get("query_string", b"").decode("utf-8", "replace"), keep_blank_values=True)
        return cls(scope.get("method", "GET"), scope["path"], raw_path.decode("latin-1"), query, headers, scope["type"] == "websocket", signed)

    @property
    def host(self) -> str:
        return self.headers.get("host", "")

    @property
    def host_name(self) -> str:
        return re.sub(r":\d+$", "", self.host).lower()

    @property
    def origin(self) -> str | None:
        return self.headers.get("origin")

    @property
    def service(self) -> str:
        return detect_service(self.method, self.path, self.headers, self.query)

    @property
    def claimed_key(self) -> str:
        """The access key that the emulator reads from the request."""
        return emulator.extract_access_key_id(self.headers, self.query)

    def value(self, name: str) -> str:
        found = self.query.get(name) or self.query.get(name.lower()) or [""]
        return found[0]


class Guard:
    """Wraps the emulator's ASGI application."""

    def __init__(self, inner: Application, access_key_id: str, secret_access_key: str) -> None:
        if not access_key_id or not secret_access_key:
            raise SystemExit("The emulator is started without a secret: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.")
        self._inner = inner
        self._access_key_id = access_key_id
        self._secret = secret_access_key

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._inner(scope, receive, send)
            return
        request = Request.of(scope)
        _reach.set(_NO_SERVICE)
        try:
            plane = plane_of(request)
            require_own_host(request, plane)
            if plane == "stage":
                # The emulator verifies all other keys itself, if the route requires a signature.
                if iam_evaluator.is_root_access_key(request.claimed_key) and request.claimed_key:
                    receive = await self._require_signature(request, receive)
                await self._inner(scope, receive, send)
                return
            if request.method == "OPTIONS" and not request.websocket:
                await self._answer_preflight(request, scope, receive, send)
                return
            bucket = emulator._s3_cors_target(request.host, request.path) if plane == "control" and request.service == "s3" else None
            require_own_origin(request, bucket is not None)
            receive, reach = await self._require_right(request, plane, bucket, receive)
            if reach is not None and _is_taken_first(request.host, request.path):
                raise Refused("The emulator takes this path for another service before it looks for a bucket. Use a key with another beginning.")
        except Refused as refused:
            await refuse(request, refused, receive, send)
            return
        except _Disconnected:
            return
        _reach.set(reach)
        await self._inner(scope, receive, send if bucket is not None else with_own_cors(request, send))

    async def _require_right(
        self, request: Request, plane: str, bucket: tuple[str, str] | None, receive: Receive,
    ) -> tuple[Receive, frozenset[str] | None]:
        """Returns a receive channel and the services that the request may reach (see _reach)."""
        if plane == "internal":
            if request.path in _HEALTH and request.method in ("GET", "HEAD"):
                return receive, _NO_SERVICE
            # The random token in the path is a capability: a custom resource's function signals CloudFormation with it.
            if _CAPABILITY.match(request.path) and request.method == "PUT":
                return receive, _NO_SERVICE
            if request.claimed_key != self._access_key_id:
                raise Refused("The emulator's own endpoints require a signature with the key of this run. `trinity-local env` prints it; use it "
                              "for example with curl --aws-sigv4.")
            return await self._require_signature(request, receive), None
        if is_signed(request):
            # A URL that is presigned for S3 does not cover the body or other headers. Whoever has it can choose them.
            return await self._require_signature(request, receive), _S3 if is_presigned_for_s3(request) else None
        if plane == "public":
            service = public_service(request)
            return receive, _NO_SERVICE if service is None else frozenset({service})
        if bucket is not None and bucket[1] and is_public(request, *bucket):
            return receive, _S3
        if bucket is not None and not bucket[1] and is_form_upload(request):
            receive, body = await read(receive)
            require_signed_form(request, body)
            return receive, _S3
        raise Refused("The request is not signed. As on AWS, calls of a service require credentials. `trinity-local env` prints those of this "
                      "run.")

    async def _require_signature(self, request: Request, receive: Receive) -> Receive:
        receive, body = await read(receive) if not request.websocket else (receive, b"")
        failure = self._failure(request, body)
        if failure is not None:
            raise Refused(failure[1], failure[0])
        return receive

    def _failure(self, request: Request, body: bytes) -> tuple[str, str] | None:
        """The reason why the signature is invalid, as (code, message)."""
        by_header = request.headers.get("authorization", "").startswith(("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"))
        signature = sigv4.parse_header_signature(request.headers) if by_header else sigv4.parse_query_signature(request.query)
        if isinstance(signature, tuple):
            return signature
        # The emulator must not authorize another key than the one whose signature is verified here.
        if signature.access_key_id != request.claimed_key:
            return "InvalidClientTokenId", "The request names two access keys."
        late = self._lateness(request, signature, by_header)
        if late is not None:
            return late
        if not by_header and signature.service == "s3" and request.service != "s3":
            return "SignatureDoesNotMatch", f"The URL was signed for s3, not for {request.service}."
        token = request.headers.get("x-amz-security-token", "") if by_header else request.value("X-Amz-Security-Token")
        secret = self._secret_of(signature.access_key_id, token)
        if isinstance(secret, tuple):
            return secret
        return sigv4.header_signature_failure(
            signature, secret, request.method, request.raw_path, request.query, request.signed_headers, body, presigned=not by_header,
        )

    @staticmethod
    def _lateness(request: Request, signature: sigv4.HeaderSignature, by_header: bool) -> tuple[str, str] | None:
        if by_header or signature.service != "s3":
            return sigv4.request_time_failure(signature)
        try:
            expired = sigv4.presigned_request_is_expired(signature.amz_date, request.value("X-Amz-Expires"))
        except ValueError:
            expired = True
        return ("AccessDenied", "Request has expired") if expired else None

    def _secret_of(self, access_key_id: str, token: str) -> str | tuple[str, str]:
        if access_key_id == self._access_key_id:
            return self._secret if not token else ("InvalidToken", "The key of this run has no session token.")
        if iam_evaluator.is_root_access_key(access_key_id):
            return "InvalidClientTokenId", (
                f"'{access_key_id}' is not the key of this local cloud. Each run has a random key and secret; `trinity-local env` prints them.")
        try:
            account = iam_evaluator.find_iam_access_key_account(access_key_id)
        except iam_evaluator.AmbiguousAccessKeyError:
            account = None
        set_request_account_id(account or access_key_id)
        credential = iam_evaluator.resolve_credential(access_key_id, session_token=token)
        if isinstance(credential, iam_evaluator.CredentialResolutionError):
            return credential.code, credential.message
        return credential.secret_access_key

    async def _answer_preflight(self, request: Request, scope: Message, receive: Receive, send: Send) -> None:
        if request.service == "s3" and emulator._s3_cors_target(request.host, request.path) is not None:
            # The emulator answers from the bucket's CORS configuration.
            _reach.set(_S3)
            await self._inner(scope, receive, send)
            return
        require_own_origin(request, False)
        if request.origin is None:
            raise Refused("OPTIONS without an Origin is no preflight of a browser, and no AWS service has such an operation.")
        await answer(send, 204, [
            (b"access-control-allow-origin", request.origin.encode("latin-1")),
            (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE, HEAD"),
            (b"access-control-allow-headers", request.headers.get("access-control-request-headers", "*").encode("latin-1")),
            (b"vary", b"Origin, Access-Control-Request-Headers"),
        ], b"")


def plane_of(request: Request) -> str:
    """The plane of a request. The order of the checks is the order in which the emulator routes."""
    path, host = request.path, request.host
    if path.startswith(("/_ministack", "/_localstack")) or path == "/health":
        return "internal"
    if path in _HOSTED_LOGIN.get(request.method, ()) or _is_pool_document(request):
        return "public"
    if _is_taken_first(host, path):
        return "control"
    if _is_stage(host, path):
        # The @connections API of a WebSocket stage requires a signature on AWS.
        return "control" if "/@connections/" in path else "stage"
    return "control" if public_service(request) is None else "public"


def _is_pool_document(request: Request) -> bool:
    """The public keys of a user pool. Without such a pool the emulator routes the path to S3."""
    found = _WELL_KNOWN.match(request.path) if request.method == "GET" else None
    return found is not None and emulator._get_module("cognito")._get_pool_unscoped(found[1]) is not None


def _is_taken_first(host: str, path: str) -> bool:
    """Requests that the emulator routes to a service by Host or path, before it looks for a stage or a bucket."""
    return (emulator._AOSS_COLLECTION_HOST_RE.match(host) is not None or path.startswith(("/iceberg", emulator._S3_CONTROL_PREFIX, emulator._SES_V2_PREFIX)) or path == "/WriteGetObjectResponse"
            or path in emulator._RDS_DATA_PATHS or emulator._is_ecr_registry_path(path))


def _is_stage(host: str, path: str) -> bool:
    if emulator._parse_execute_api_url(host, path) or emulator._parse_lambda_url(host, path):
        return True
    if emulator._resolve_custom_domain_request(host, path) is not None:
        return True
    label = emulator._parse_cloudfront_dataplane_host(host)
    if label is not None:
        return emulator._get_module("cloudfront").find_distribution_for_label(label) is not None
    if not emulator._is_potential_alb_request(host, path):
        return False
    balancers = emulator._get_module("alb")
    prefix = emulator._ALB_PATH_PREFIX
    return balancers.find_lb_for_host(host) is not None or (
        path.startswith(prefix) and balancers._find_lb_by_name(path[len(prefix):].split("/", 1)[0]) is not None)


def public_service(request: Request) -> str | None:
    """The service of an operation that AWS serves without a signature: those that the SDK's model marks so, and AppSync's data plane."""
    target = request.headers.get("x-amz-target", "")
    if target:
        prefix, _, operation = target.partition(".")
        service = _UNSIGNED_SERVICES.get(prefix)
        is_unsigned = (service is not None and request.method == "POST" and request.path == "/" and request.host_name in _LOOPBACK
                       and operation in iam_actions.unsigned_operations(service))
    elif _APPSYNC_HOST.match(request.host_name):
        if request.websocket:
            # The emulator takes WebSockets by their Host, before its router.
            return "appsync-events" if request.path == "/event/realtime" else None
        service = {"/event": "appsync-events", "/graphql": "appsync"}.get(request.path)
        is_unsigned = request.method == "POST"
    else:
        service = "appsync"
        is_unsigned = request.method == "POST" and not request.query and emulator._APPSYNC_GRAPHQL_RE.match(request.path) is not None
    return service if is_unsigned and request.service == service else None


def is_presigned_for_s3(request: Request) -> bool:
    scope = request.value("X-Amz-Credential").split("/")
    return not request.headers.get("authorization", "").startswith("AWS4-") and scope[-2:-1] != [] and scope[-2].startswith("s3")


def require_own_host(request: Request, plane: str) -> None:
    name = request.host_name
    if name in _LOOPBACK or _LOCAL_NAME.match(name):
        return
    if plane == "stage" and (_AWS_NAME.match(name) or emulator._resolve_custom_domain_request(request.host, request.path) is not None):
        return
    raise Refused(f"The local cloud does not accept the Host '{request.host}', because a web page could have pointed that name at this "
                  "machine. Use http://127.0.0.1 or http://localhost with the same port. A proxy or tunnel must set the Host header so.")


def require_own_origin(request: Request, bucket: bool) -> None:
    origin = request.origin
    if origin is None or _LOCAL_ORIGIN.match(origin):
        return
    # Presigned URLs and signed forms are made for pages, and public objects are for everybody. The bucket's CORS applies.
    if bucket and "authorization" not in request.headers and (is_form_upload(request) or request.method in ("GET", "HEAD")
                                                              or request.value("X-Amz-Signature")):
        return
    raise Refused(f"A page of the origin '{origin}' can use API stages, presigned URLs and public objects of the local cloud, and nothing else. "
                  "If the page is yours, serve it from http://localhost.")


def is_signed(request: Request) -> bool:
    """Whether the request carries credentials, valid or not."""
    if request.headers.get("authorization", "").startswith(("AWS4-", "AWS ")):
        return True
    return any(request.value(name) for name in ("X-Amz-Credential", "X-Amz-Signature", "X-Amz-Algorithm", "AWSAccessKeyId", "Signature"))


def is_public(request: Request, bucket: str, key: str) -> bool:
    """Whether the bucket policy allows anonymous reads of the object. The emulator itself treats anonymous callers as root."""
    if request.method not in ("GET", "HEAD") or request.query:
        return False
    arn = f"arn:aws:s3:::{bucket}/{key}"
    found = iam_evaluator._resource_policy("s3", arn)
    if found is None:
        return False
    context = iam_evaluator.EvalContext(
        principal_arn="", principal_type="Anonymous", principal_account="", action="s3:GetObject", resource_arn=arn, region="",
    )
    return iam_evaluator.evaluate_resource_policy(found[0], context).decision == "Allow"


def is_form_upload(request: Request) -> bool:
    return request.method == "POST" and not request.query and request.headers.get("content-type", "").startswith("multipart/form-data")


def require_signed_form(request: Request, body: bytes) -> None:
    """Refuses an unsigned form, which the emulator accepts. The emulator verifies the signature of a signed one."""
    parts = emulator._get_module("s3")._parse_multipart_form(request.headers.get("content-type", ""), body) or []
    names = [name.lower() for name, *_ in parts]
    if all(names.count(name) == 1 for name in ("policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature")):
        return
    raise Refused("A form upload must be signed. Create it with createPresignedPost.")


class _Disconnected(Exception):
    """The client disconnected before its request was complete."""


async def read(receive: Receive) -> tuple[Receive, bytes]:
    """Reads the body. Returns a receive channel that replays it."""
    chunks: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise _Disconnected
        chunks.append(message.get("body", b""))
        if not message.get("more_body", False):
            break
    body = b"".join(chunks)
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return pending.pop() if pending else await receive()

    return again, body


def with_own_cors(request: Request, send: Send) -> Send:
    """Removes the emulator's `Access-Control-Allow-Origin: *`. Only a page that this machine serves may read the answer."""
    allowed = [(b"access-control-allow-origin", request.origin.encode("latin-1")), (b"access-control-expose-headers", b"*"),
               (b"vary", b"Origin")] if request.origin is not None else []

    async def send_without(message: Message) -> None:
        if message["type"] == "http.response.start":
            kept = [(name, value) for name, value in message.get("headers", []) if not name.lower().startswith(_CORS_PREFIX)]
            message = {**message, "headers": [*kept, *allowed]}
        await send(message)

    return send_without


async def refuse(request: Request, refused: Refused, receive: Receive, send: Send) -> None:
    if request.websocket:
        await receive()
        # Closing a WebSocket before it is accepted answers the upgrade with 403.
        await send({"type": "websocket.close", "code": 1008, "reason": str(refused)[:120]})
        return
    if refused.code == "":
        await answer(send, 403, [(b"content-type", b"text/plain; charset=utf-8")], str(refused).encode())
        return
    error = [(b"x-amzn-errortype", refused.code.encode())]
    code, message = refused.code, str(refused)
    if request.service == "s3" or "Action" in request.query or request.headers.get("content-type", "").startswith(_FORM):
        text = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
        text = text if request.service == "s3" else f"<ErrorResponse>{text}</ErrorResponse>"
        await answer(send, 403, [(b"content-type", b"text/xml"), *error], text.encode())
        return
    await answer(send, 403, [(b"content-type", b"application/x-amz-json-1.1"), *error], json.dumps({"__type": code, "message": message}).encode())


async def answer(send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    headers = [(name, value) for name, value in headers if name.lower() != b"content-length"]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, (b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def confine_router() -> None:
    """Makes the emulator's router ask whether the current request may reach the service that the router chose."""
    dispatch, dispatch_to_bucket = emulator._dispatch_service_request, emulator._handle_s3_vhost_request

    async def dispatch_confined(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]], request_id: str) -> Any:
        reach = _reach.get()
        if reach is not None:
            service = emulator.detect_service(method, path, headers, emulator._routing_params(method, path, headers, body, query))
            if service not in reach:
                message = (f"The request is not signed. Its headers, query or body name a service, so it would reach {service}. "
                           "`trinity-local env` prints the credentials of this run.")
                return 403, {"Content-Type": "text/plain; charset=utf-8"}, message.encode()
        return await dispatch(method, path, headers, body, query, request_id)

    async def dispatch_to_bucket_confined(*request: Any) -> Any:
        reach = _reach.get()
        # None: the emulator goes on to the next route.
        return await dispatch_to_bucket(*request) if reach is None or "s3" in reach else None

    emulator._dispatch_service_request = dispatch_confined
    emulator._handle_s3_vhost_request = dispatch_to_bucket_confined


def install() -> None:
    confine_router()
    emulator.app = Guard(emulator.app, os.environ.get("AWS_ACCESS_KEY_ID", ""), os.environ.get("AWS_SECRET_ACCESS_KEY", ""))
