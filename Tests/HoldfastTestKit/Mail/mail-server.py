#!/usr/bin/python3
"""A mail server for tests: says its port, then one line of JSON for each mail it has taken.

Options as a JSON object in the first argument: certificate and key (PEM files) with starttls or tls; user and password,
which have to be given then; rcpt and data, the answers instead of 250.
"""

import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

options = json.loads(sys.argv[1])


def say(value):
    print(json.dumps(value), flush=True)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if options.get("rcpt"):
            return options["rcpt"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if options.get("data"):
            return options["data"]
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = {part.get_content_type(): part.get_content() for part in message.walk() if not part.is_multipart()}
        say({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "headers": {key: str(value) for key, value in message.items()},
            "text": parts.get("text/plain"),
            "html": parts.get("text/html"),
            "encrypted": session.ssl is not None or bool(options.get("tls")),
            "longestLine": max(map(len, envelope.content.split(b"\r\n"))),
        })
        return "250 taken"


def authenticate(server, session, envelope, mechanism, data):
    right = (
        isinstance(data, LoginPassword)
        and data.login.decode() == options["user"]
        and data.password.decode() == options["password"]
    )
    return AuthResult(success=right, handled=False)


def protocol():
    context = None
    if options.get("certificate"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options["certificate"], options["key"])
    return context, lambda: SMTP(
        Handler(),
        hostname="mail.example.org",
        enable_SMTPUTF8=False,
        tls_context=None if options.get("tls") else context,
        require_starttls=bool(context) and not options.get("tls"),
        authenticator=authenticate,
        auth_required="user" in options,
        auth_require_tls=bool(context) and not options.get("tls"),
    )


async def main():
    context, factory = protocol()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(factory, "127.0.0.1", 0, ssl=context if options.get("tls") else None)
    say({"port": server.sockets[0].getsockname()[1]})
    # Ends with the test that started it.
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
