"""What leaves the house: requests to other servers, mail, messages."""

from trials.mutants.mutant import Mutant, of

FORGED, SENDERS = "core/tests/test_oidc_forged", "core/tests/test_senders"
OUTSIDE = "core/tests/test_outside"

MUTANTS = [
    Mutant(
        "addresses inside our network are not asked",
        "core/sign_in/outside.py",
        "return found.is_global and not found.is_multicast and not found.is_reserved",
        "return bool(found)",
        of(FORGED, "which_addresses_may_be_asked"),
    ),
    Mutant(
        "IPv4 inside IPv6 counts as what it is",
        "core/sign_in/outside.py",
        "return found.ipv4_mapped or found.sixtofour or found",
        "return found",
        of(FORGED, "which_addresses_may_be_asked"),
    ),
    Mutant(
        "translated addresses count as what they are",
        "core/sign_in/outside.py",
        "if found in TRANSLATED:",
        "if False:",
        of(FORGED, "which_addresses_may_be_asked"),
    ),
    Mutant(
        "each address of a name is judged",
        "core/sign_in/outside.py",
        "if not addresses or not all(may_be_asked(one) for one in addresses):",
        "if not addresses or not any(may_be_asked(one) for one in addresses):",
        of(OUTSIDE, "a_name_with_one_address_inside_our_network_is_not_asked"),
    ),
    Mutant(
        "the own network is asked only where it is listed",
        "core/sign_in/outside.py",
        "if not addresses or not all(may_be_asked(one) for one in addresses):",
        "if not addresses:",
        of(OUTSIDE, "a_name_with_one_address_inside_our_network_is_not_asked"),
    ),
    Mutant(
        "other servers are asked by https",
        "core/sign_in/outside.py",
        'if scheme != "https" and not (scheme == "http" and near):',
        'if scheme not in {"https", "http"}:',
        of(OUTSIDE, "a_public_address_is_asked_by_https_only"),
    ),
    Mutant(
        "answers of other servers are limited",
        "core/sign_in/outside.py",
        "if len(read) > MOST_BYTES:",
        "if len(read) > MOST_BYTES * 1000:",
        of(OUTSIDE, "an_answer_that_is_too_long_is_given_up"),
    ),
    Mutant(
        "other servers are waited for 8 seconds",
        "core/sign_in/outside.py",
        "        alarm.start()\n",
        "",
        of(OUTSIDE, "an_answer_that_drips_is_given_up"),
    ),
    Mutant(
        "messages follow no redirect",
        "core/senders/chat.py",
        "build_opener(StayHere).open",
        "build_opener().open",
        of(SENDERS, "a_redirect_is_not_followed_and_ends_the_job"),
    ),
    Mutant(
        "messages for Slack go to Slack",
        "core/senders/chat.py",
        "if not webhook.startswith(home) or not _is_one_word(webhook):",
        "if not _is_one_word(webhook):",
        of(SENDERS, "slack_messages_go_to_slack_only"),
    ),
    Mutant(
        "a token cannot end a header",
        "core/senders/chat.py",
        "if not _is_one_word(token):",
        "if not token:",
        of(SENDERS, "an_address_or_token_cannot_end_a_header"),
    ),
    Mutant(
        "a subject is one line",
        "core/senders/outgoing.py",
        'if len(subject.splitlines()) > 1 or "\\x00" in subject:',
        'if "\\x00" in subject:',
        of(SENDERS, "nobody_slips_a_header_or_a_second_recipient_in"),
    ),
    Mutant(
        "a recipient is one address",
        "core/senders/outgoing.py",
        "        validate_email(address)\n",
        "        str(address)\n",
        of(SENDERS, "nobody_slips_a_header_or_a_second_recipient_in"),
    ),
    Mutant(
        "recipients do not see each other",
        "core/senders/outgoing.py",
        "OutgoingMail(to=address, subject",
        'OutgoingMail(to=", ".join(to), subject',
        of(SENDERS, "a_mail_arrives_once_for_each_recipient_and_says_it_is_automatic"),
    ),
    Mutant(
        "mails of the program say so",
        "core/senders/mail.py",
        'headers = {"Auto-Submitted": "auto-generated", "Message-ID"',
        'headers = {"Message-ID"',
        of(SENDERS, "a_mail_arrives_once_for_each_recipient_and_says_it_is_automatic"),
    ),
    Mutant(
        "waiting jobs tell neither address nor text",
        "core/sealed.py",
        "return seal(json.dumps(facts, ensure_ascii=False))",
        "return json.dumps(facts, ensure_ascii=False)",
        of(SENDERS, "a_waiting_job_tells_neither_address_nor_text_nor_token"),
    ),
    Mutant(
        "trouble with a mail does not name its recipient",
        "core/senders/mail.py",
        "raise _told(error) from None",
        "raise _told(error) from error",
        of(SENDERS, "a_waiting_job_tells_neither_address_nor_text_nor_token"),
    ),
    Mutant(
        "logs quote no rows",
        "config/logs.py",
        "            trace = trace.replace(str(one), named)",
        "            trace = str(trace)",
        of(
            "config/tests/test_logs",
            "a_trace_names_the_constraint_and_quotes_no_row",
            "a_value_that_no_column_takes_is_not_told",
        ),
    ),
]
