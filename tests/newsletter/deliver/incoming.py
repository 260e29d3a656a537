"""Mails as they come in, made by hand after the shapes that servers send."""

DOMAIN = "chenbao.example"


def mail(body: str = "", **fields: str) -> bytes:
    """`fields` with underscores for hyphens; From and To if they aren't given."""
    given = {"from": "Ana <ana@a.example>", "to": f"subscribe@{DOMAIN}", **fields}
    head = "".join(f"{name.replace('_', '-').title()}: {value}\n" for name, value in given.items() if value)
    return f"{head}\n{body}".encode()


def bounce(
    status: str = "5.1.1",
    diagnostic: str = "550 5.1.1 <ana@a.example>: User unknown",
    *,
    action: str = "failed",
    returned: str = "Subject: Morning",
    message_id: str = "<b1@mx.example>",
) -> bytes:
    """A report as RFC 3464 has it."""
    return f"""From: MAILER-DAEMON@mx.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
Message-ID: {message_id}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; ana@a.example
Action: {action}
Status: {status}
Diagnostic-Code: smtp; {diagnostic}

--b
Content-Type: text/rfc822-headers

{returned}

--b--
""".encode()


def words_of_a_server(text: str, **fields: str) -> bytes:
    """A bounce that is written for people only."""
    given = {"from": "MAILER-DAEMON@mx.example", "subject": "failure notice", "to": f"news@{DOMAIN}", **fields}
    return mail(text, **given)


def complaint(returned: str, kind: str = "abuse") -> bytes:
    """A report as RFC 5965 has it, the reader's address blacked out."""
    return f"""From: feedback@provider.example
Subject: FW: Morning
Message-ID: <c1@provider.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

This is an email abuse report.

--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
User-Agent: Provider/1
Version: 1
Original-Rcpt-To: redacted

--b
Content-Type: message/rfc822

From: news@{DOMAIN}
To: redacted
{returned}

Morning

--b--
""".encode()
