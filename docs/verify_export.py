#!/usr/bin/env python3
"""Verifies an export of certroll's audit log with nothing but Python's standard library.

    verify_export.py EXPORT VKEY [CHECKPOINT] [--since CHECKPOINT] [--signature DIR]

EXPORT is a bundle (a tar archive) or JSON Lines. VKEY is the key that you were given when the log began, or a file that
holds it. CHECKPOINT belongs to JSON Lines and is EXPORT.checkpoint when left out; a bundle has it inside. With --since give
the checkpoint of your last visit: the log must still begin with the records you saw then.

Checked here: the form of every record, their numbers, the Merkle root against the checkpoint, that every certificate and
revocation was announced before, that no serial number was given twice. Of a bundle also every byte of the archive, the
list of files, the proofs that it continues an earlier visit, every row of the table, and every certificate against its
record: hash, serial number, public key, validity. In a bundle with a selection, or that continues an earlier visit, rules
that need the records that are not in it cannot be checked; their number is printed.

Not checked here: the signatures of the checkpoints, because Ed25519 is not in the standard library. With --signature the
files for OpenSSL are written to DIR, and the commands are printed. Without that step this proves nothing: anybody can
compute a root. README.txt and report.html are compared with the list of files only; certroll makes them again and
compares, and the names in the certificates too.

Exit code: 0 verified, 2 wrong usage, 13 not verified. The formats are described in audit-log.md.
"""

import argparse
import base64
import csv
import hashlib
import io
import json
import pathlib
import re
import sys
import unicodedata
from datetime import datetime

OPENS = {"cert.issue.intent": "issue", "cert.revoke.intent": "revoke"}
ENDS = {
    "cert.issued": "issue",
    "ca.cert.issued": "issue",
    "cert.issue.failed": "issue",
    "cert.issue.abandoned": "issue",
    "cert.revoked": "revoke",
    "cert.revoke.refused": "revoke",
    "cert.revoke.failed": "revoke",
}
CONTINUES = {"cert.issue.submitted": "issue", "cert.issue.indeterminate": "issue"}
# What stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410).
SPKI_PREFIX = bytes.fromhex("302a300506032b6570032100")
COLUMNS = ("seq,time,event,outcome,operation,actor,template,issuer,serial,names,not_before,not_after,certificate_sha256,"
           "reason,text,ticket,error,leaf,item,action,replaces,authentication").split(",")
# So many of them are in the tables of certroll 0.1.
FIRST_COLUMNS = 18


class Defect(Exception):
    """The log is not what it says it is."""


def require(condition, defect):
    if not condition:
        raise Defect(defect)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def unbase64(text):
    data = base64.b64decode(text, validate=True)
    require(base64.b64encode(data).decode() == text, "base64 that is not written in its one form")
    return data


EVENTS = set("""
    log.genesis session.start session.stop session.crash auth.denied cert.request cert.approve cert.reject
    cert.issue.intent cert.issue.submitted cert.issued cert.issue.failed cert.issue.abandoned
    cert.issue.indeterminate cert.deployed cert.deploy.failed cert.withdrawn cert.imported cert.adopted
    cert.revoke.request cert.revoke.intent cert.revoked cert.revoke.refused cert.revoke.failed key.destroy
    ca.key.generate ca.key.import ca.cert.issued ca.imported crl.imported crl.signed crl.published
    crl.publication.change profile.add profile.change profile.retire policy.change
    home.passphrase issuer.add issuer.change issuer.remove issuer.account issuer.report service.add service.change
    service.remove clock.step clock.regressed audit.export audit.cosigned audit.degraded audit.recovered
    audit.rollback.detected audit.fork.detected sw.update reconcile.finding
""".split())


def text(value):
    require(type(value) is str, f"{value!r} is not a text")


def number(value, limit=1 << 64):
    require(type(value) is int and 0 <= value < limit, f"{value!r} is not a number as the log writes it")


def one_version(value):
    number(value)
    require(value in (1, 2), f"schema version {value}, and this program reads 1 and 2")


def form(pattern):
    compiled = re.compile(pattern, re.ASCII)

    def check(value):
        text(value)
        require(compiled.fullmatch(value), f"{value!r} is not in the form that its field has")

    return check


def instant(pattern):
    shape = form(pattern)

    def check(value):
        shape(value)
        # Year 0 is a leap year, as 2000 is.
        year = int(value[:4]) or 2000
        datetime(year, *[int(value[at : at + 2]) for at in (5, 8, 11, 14, 17)])

    return check


def one_of(*values):
    def check(value):
        text(value)
        require(value in values, f"{value!r} is not a value of its field")

    return check


def parts(*fields):
    """An object: its fields in their order, each with its check; those that end in `?` may be left out."""
    checks = [(name.rstrip("?"), name.endswith("?"), check) for name, check in fields]

    def check_all(value):
        require(type(value) is dict, f"{value!r} is not an object")
        keys = [name for name, optional, _ in checks if name in value or not optional]
        require(list(value) == keys, "fields are missing, unknown or not in their order")
        for name, _, check in checks:
            if name in value:
                check(value[name])

    return check_all


def many(check):
    def check_all(value):
        require(type(value) is list and value, "an empty list is left out")
        for item in value:
            check(item)

    return check_all


def claims(value):
    require(type(value) is dict and value, "an empty object is left out")
    require(list(value) == sorted(value, key=str.encode), "claims are not in their order")
    for claim in value.values():
        text(claim)


def further(value):
    require(type(value) is dict and value, "an empty object is left out")
    plain(value, 2)


def plain(value, depth):
    """Any JSON, but numbers are whole and of 64 bits, and nothing is nested deeper than the program reads."""
    require(type(value) is not float, "a number with a fraction")
    require(type(value) is not int or -(1 << 63) <= value < 1 << 64, "a number that is too large")
    if type(value) in (dict, list):
        require(depth <= 127, "too deep")
        for item in value.values() if type(value) is dict else value:
            plain(item, depth + 1)


ID = form("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
DIGEST = form("[0-9a-f]{64}")
SECONDS = instant(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
REFERENCE = parts(("seq", number), ("leaf", DIGEST))
RECORD = parts(
    ("v", one_version), ("seq", number), ("id", ID), ("op", ID), ("sess", ID),
    ("ts", instant(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")), ("mono", number), ("ev", one_of(*EVENTS)),
    ("out", one_of("ok", "fail", "denied", "pending", "indeterminate")), ("item?", number),
    ("actor?", parts(("t", one_of("user", "ci", "svc", "system")), ("id", text),
                     ("auth", one_of("os-uid", "oidc", "mtls", "token")), ("ev?", DIGEST), ("obo?", text),
                     ("iss?", text), ("amr?", many(text)), ("acr?", text), ("claimed?", claims))),
    ("src?", parts(("ip?", text), ("ci?", text), ("run?", text), ("commit?", text))),
    ("why?", parts(("code", text), ("text?", text), ("ticket?", text), ("reason?", text), ("reporter?", text),
                   ("reported?", SECONDS))),
    ("plan?", DIGEST),
    ("pol?", parts(("id", text), ("sha256", DIGEST), ("rule?", text),
                   ("decision", one_of("allow", "deny", "approval")))),
    ("req?", parts(("act?", one_of("issue", "renew", "rekey")), ("prev?", DIGEST), ("template?", text),
                   ("template_sha256?", DIGEST), ("names?", many(text)), ("nb?", SECONDS), ("na?", SECONDS),
                   ("csr?", DIGEST), ("tbs?", DIGEST), ("spki?", DIGEST), ("key?", text), ("count?", number),
                   ("root?", DIGEST))),
    ("cert?", parts(("iss", text), ("sn", text), ("sha256", DIGEST), ("spki", DIGEST), ("san?", many(text)),
                    ("nb", SECONDS), ("na", SECONDS), ("alg", text), ("prev?", DIGEST))),
    ("signer?", parts(("id", text), ("spki?", DIGEST), ("alg?", text))),
    ("crl?", parts(("iss", text), ("number", number), ("sha256", DIGEST), ("entries", number), ("this", SECONDS),
                   ("next", SECONDS), ("covers?", number))),
    ("dev?", parts(("id", text), ("state?", text))),
    ("rem?", parts(("t", text), ("id", text), ("account?", text), ("handle?", text), ("idem?", text),
                   ("status?", lambda value: number(value, 1 << 16)))),
    ("ref?", REFERENCE), ("appr?", many(REFERENCE)),
    ("tgt?", parts(("t", text), ("id", text), ("method?", text), ("observed?", DIGEST), ("alias?", text),
                   ("host?", text), ("state?", one_of("owed", "written", "reloaded", "served", "withdrawn")),
                   ("sha256?", DIGEST))),
    ("err?", parts(("code", text), ("text", text))), ("x?", further),
)
# What version 2 of the schema has and version 1 has not: fields of a record, and fields of its parts.
LATER = {"item", "plan", "signer", "crl", "dev"}
LATER_PARTS = {"req": {"act", "prev"}, "tgt": {"alias", "host", "state", "sha256"}, "why": {"reporter", "reported"},
               "actor": {"iss", "amr", "acr"}}
LATER_EVENTS = {
    "cert.imported", "ca.imported", "crl.imported", "home.passphrase", "crl.published", "crl.publication.change",
    "service.add", "service.change", "service.remove",
}


class Tree:
    """The right edge of the Merkle tree of RFC 9162 section 2.1.1."""

    def __init__(self):
        self.size, self.edge = 0, []

    def add(self, leaf):
        carry = self.size
        while carry & 1:
            leaf, carry = sha256(b"\x01", self.edge.pop(), leaf), carry >> 1
        self.edge.append(leaf)
        self.size += 1

    def root(self):
        if not self.edge:
            return sha256()
        root = self.edge[-1]
        for left in reversed(self.edge[:-1]):
            root = sha256(b"\x01", left, root)
        return root


def read_key(text):
    """A verifier key of C2SP signed-note, `name+hash+key`, as name, key id and the 32 bytes."""
    parts = text.split("+", 2)
    require(len(parts) == 3 and is_key_name(parts[0]), "this is not a verifier key, `name+hash+key`")
    name, key_id, key = parts[0], parts[1], unbase64(parts[2])
    require(len(key) == 33 and key[0] == 1, "the verifier key is not of type Ed25519")
    require(sha256(name.encode(), b"\n", key)[:4].hex() == key_id, "the hash in the verifier key is wrong")
    return name, bytes.fromhex(key_id), key[1:]


def is_key_name(name):
    return name and not any(c.isspace() or unicodedata.category(c) == "Cc" or c == "+" for c in name)


def read_checkpoint(note, name, key_id):
    """The signed text, the signature by that key, and the size and root that the text states."""
    require(len(note.encode()) <= 65536, "the checkpoint is too long")
    text, blank, lines = note.rpartition("\n\n")
    require(blank and lines.endswith("\n"), "the checkpoint is not a signed note")
    text += "\n"
    require(not any((ord(c) < 32 and c != "\n") or ord(c) == 127 for c in text), "the checkpoint has control characters")
    signatures = {}
    for line in lines[:-1].split("\n"):
        mark, signer, blob = (line.split(" ") + ["", ""])[:3]
        require(mark == "\u2014" and line == f"\u2014 {signer} {blob}", "a signature line is malformed")
        blob = unbase64(blob)
        require(is_key_name(signer) and len(blob) > 4, "a signature line is malformed")
        require((signer, blob[:4]) not in signatures, "a key has signed twice")
        signatures[signer, blob[:4]] = blob[4:]
    require(len(signatures) <= 64, "the checkpoint has too many signatures")
    signature = signatures.get((name, key_id))
    require(signature is not None and len(signature) == 64, f"the checkpoint is not signed by `{name}`")
    body = text.split("\n")
    require(len(body) == 4 and body[3] == "", "the checkpoint is not the three lines origin, size and root")
    require(body[0] == name, f"the checkpoint is of the log `{body[0]}`")
    require(re.fullmatch("0|[1-9][0-9]*", body[1]) and int(body[1]) < 1 << 64, "the size in the checkpoint is malformed")
    root = unbase64(body[2])
    require(len(root) == 32, "the root in the checkpoint is malformed")
    return text, signature, int(body[1]), root


def fields(pairs):
    found = dict(pairs)
    require(len(found) == len(pairs), "a field stands twice")
    return found


def read_record(line):
    """A line as a record; every record has one encoding, and anything else is none."""
    record = json.loads(line.decode(), object_pairs_hook=fields)
    RECORD(record)
    if record["v"] == 1:
        later = LATER & record.keys() or any(LATER_PARTS.get(name, set()) & part.keys()
                                             for name, part in record.items() if type(part) is dict)
        require(not later and record["ev"] not in LATER_EVENTS, "a record of version 1 with a field of version 2")
    alone = record["v"] == 1 or record["ev"] in ("session.start", "log.genesis")
    require("actor" in record or not alone, "`actor` is missing")
    if record["v"] > 1 and record["ev"] == "session.start":
        require(record["id"] == record["op"] == record["sess"], "it has another id than its session")
    written = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    require(written.encode() == line, "it is not in the one encoding of a record")
    return record


class Sessions:
    """What a record leaves to its session: who acts; and to earlier records of its operation: why."""

    def __init__(self):
        self.begun = {}

    def complete(self, record):
        """Fills in what the record leaves out; False if its session is not known."""
        if record["v"] == 1:
            return True
        session = self.begun.get(record["sess"])
        if record["ev"] == "session.start":
            self.begun[record["sess"]] = (record["actor"], record.get("src"), {})
            return True
        known = "actor" in record or session is not None
        if "actor" not in record and session is not None:
            record["actor"], reasons = session[0], session[2]
            if session[1] is not None:
                record["src"] = session[1]
            if "why" in record:
                reasons[record["op"]] = record["why"]
            elif record["op"] in reasons:
                record["why"] = reasons[record["op"]]
        if record["ev"] == "session.stop":
            self.begun.pop(record["sess"], None)
        return known


def is_imported(record):
    """Whether it takes over a certificate of an earlier log."""
    marked = record["v"] == 1 and record["ev"] in ("cert.issued", "ca.cert.issued")
    return record["ev"] == "cert.imported" or (marked and record.get("x", {}).get("imported") is True)


def names_predecessor(record):
    previous = record.get("x", {}).get("previous")
    return record["ev"] == "log.genesis" and type(previous) is dict and all(
        type(previous.get(name)) is str and previous[name] for name in ("vkey", "checkpoint"))


class Rules:
    """What the records must say of each other."""

    def __init__(self):
        self.open, self.known = {}, set()
        self.sessions, self.version, self.has_predecessor = Sessions(), 0, False
        # The operation and the name of the last CA that was taken over, and how many of its certificates must follow.
        self.taken_over, self.left, self.authorities = None, 0, []
        self.issued = self.imported = self.revoked = self.refused = 0
        # Whether records are missing that a rule may need, and how often one was needed.
        self.partial, self.unchecked = False, 0

    def need(self, condition, defect):
        """A rule that cannot be checked when records are missing."""
        require(condition or self.partial, defect)
        self.unchecked += not condition
        return condition

    def admit(self, record, seq, leaf):
        require(record["seq"] == seq, f"it says that its place is {record['seq']}")
        require(record["v"] >= self.version, "a record of an earlier version than the one before it")
        self.version = record["v"]
        self.has_predecessor |= seq == 0 and names_predecessor(record)
        self.need(self.sessions.complete(record), "its session has not begun or has ended")
        self.refused += record["out"] == "denied"
        self.pair(record, seq, leaf)
        self.count(record)
        self.take_over(record)

    def pair(self, record, seq, leaf):
        event = record["ev"]
        if event in OPENS:
            count = record.get("req", {}).get("count", 1)
            place = (record["op"], OPENS[event])
            if not self.need(place not in self.open, "the operation has an open intent already"):
                return
            require(count > 0, "the intent announces nothing")
            self.open[place] = [count, seq, leaf.hex(), count > 1]
            return
        kind = ENDS.get(event) or CONTINUES.get(event)
        if kind is None or (kind == "issue" and is_imported(record)):
            return
        intent = self.open.get((record["op"], kind))
        if intent is None:
            self.need(event == "cert.revoke.refused", f"`{event}` was not announced")
            return
        if "ref" in record:
            require([record["ref"]["seq"], record["ref"]["leaf"]] == intent[1:3], "its `ref` is not its intent")
        if event == "cert.issue.indeterminate" and record.get("x", {}).get("ended") is True:
            del self.open[(record["op"], kind)]
            return
        if event in CONTINUES:
            return
        intent[0] = 0 if event == "cert.issue.abandoned" else intent[0] - 1
        if intent[0] == 0:
            del self.open[(record["op"], kind)]

    def count(self, record):
        if record["ev"] == "cert.adopted":
            identity = (record["cert"]["iss"], record["cert"]["sn"])
            require(identity not in self.known, f"serial number given twice: {identity}")
            self.known.add(identity)
            return
        if record["ev"] not in ("cert.issued", "ca.cert.issued", "cert.imported", "ca.imported", "cert.revoked"):
            return
        require("cert" in record, "it does not say which certificate")
        identity = (record["cert"]["iss"], record["cert"]["sn"])
        if record["ev"] == "cert.revoked":
            self.need(identity in self.known, f"revoked, but never issued: {identity}")
            self.revoked += 1
        else:
            require(identity not in self.known, f"serial number given twice: {identity}")
            self.known.add(identity)
            if is_imported(record) or record["ev"] == "ca.imported":
                self.imported += 1
            else:
                self.issued += 1

    def take_over(self, record):
        """What a CA brings that is taken over follows it at once; later it needs an intent for whatever it signs."""
        event = record["ev"]
        belongs = self.taken_over is not None and self.taken_over[0] == record["op"]
        if self.left:
            self.left -= 1
            require(event == "cert.imported" and belongs and record["cert"]["iss"] == self.taken_over[1],
                    "it breaks off the records of a CA that is taken over")
        elif event == "ca.imported":
            facts = record.get("x", {})
            text(facts.get("ca"))
            number(facts.get("certificates"))
            self.taken_over, self.left = (record["op"], facts["ca"]), facts["certificates"]
            self.authorities.append((facts["ca"], record["seq"], self.left))
        elif event == "crl.imported":
            self.need(belongs or self.has_predecessor, "revocations taken over without their CA")
        elif is_imported(record):
            self.need(self.has_predecessor, "taken over, but neither from an earlier log nor with a CA")


class Log:
    """The records as they go by, and the roots that must come up among them."""

    def __init__(self, roots):
        self.tree, self.rules = Tree(), Rules()
        self.roots, self.withheld = roots, 0
        self.reach()

    def reach(self):
        for size, root in self.roots:
            if size == self.tree.size:
                require(self.tree.root() == root, f"the first {size} records are not those of the checkpoint")

    def admit(self, line):
        """Takes a record and gives it back, read."""
        seq = self.tree.size
        try:
            require(len(line) <= 65535 and not re.search(rb"[\0\r\n]", line), "too long, or control characters")
            leaf = sha256(b"\x00", line)
            self.tree.add(leaf)
            record = read_record(line)
            self.rules.admit(record, seq, leaf)
        except (Defect, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise Defect(f"record {seq}: {error}") from error
        self.reach()
        return record, leaf

    def withhold(self, leaf):
        self.tree.add(leaf)
        self.withheld += 1
        self.rules.left = max(self.rules.left - 1, 0)
        self.rules.partial = True
        self.reach()

    def end(self):
        size = max(size for size, _ in self.roots)
        require(self.rules.left == 0, f"a CA was taken over, and {self.rules.left} of its certificates are not on record")
        require(self.tree.size >= size, f"the export has {self.tree.size} records, a checkpoint was signed over {size}")


def verify_lines(path, roots):
    log = Log(roots)
    with open(path, "rb") as lines:
        for line in lines:
            require(line.endswith(b"\n"), "the file breaks off")
            log.admit(line[:-1])
    log.end()
    return log


def header(name, size):
    """The one header that a file of a bundle may have."""
    number = b"%011o\0" % size if size < 1 << 33 else b"\x80\0\0\0" + size.to_bytes(8, "big")
    parts = [name.encode().ljust(100, b"\0"), b"0000600\0", b"0000000\0" * 2, number, b"00000000000\0",
             b" " * 8, b"0", bytes(100), b"ustar\x0000", bytes(247)]
    checksum = b"%06o\0 " % sum(b"".join(parts))
    return b"".join(parts[:5] + [checksum] + parts[6:])


def members(path):
    """The files of a bundle, in order: name, place and size. Every byte outside their contents has one value."""
    found, size_of_all = [], path.stat().st_size
    with open(path, "rb") as archive:
        while True:
            block = archive.read(512)
            if block == bytes(512):
                require(archive.read() == bytes(512), "the archive does not end as it must")
                return found
            require(len(block) == 512, "the archive breaks off")
            name = block[:100].rstrip(b"\0").decode()
            size = int.from_bytes(block[128:136], "big") if block[124] == 0x80 else int(block[124:135], 8)
            require(block == header(name, size), "a header is not how certroll writes it")
            found.append((name, archive.tell(), size))
            require(archive.tell() + size <= size_of_all, "the archive breaks off")
            archive.seek(size, 1)
            padding = -size % 512
            require(archive.read(padding) == bytes(padding), "padding is not zero")


class Bundle:
    """A bundle as files, each of which is opened by its name. Their order is fixed."""

    def __init__(self, path):
        self.path, self.members = path, members(path)
        names = [name for name, _, _ in self.members]
        certificates = [name for name in names if re.fullmatch("certificates/[0-9a-f]{64}[.]der", name)]
        since = ["since/checkpoint", "since/consistency", "since/subtrees"] if "since/checkpoint" in names else []
        optional = [name for name in ("withheld",) if name in names]
        report = [] if since or optional else ["report.html"]
        cosigned = [name for name in ("cosigned",) if name in names]
        expected = (["README.txt", "vkey", "checkpoint"] + cosigned + since + ["records.jsonl"] + optional + ["records.csv"]
                    + report + certificates + ["MANIFEST"])
        require(names == expected, "files are missing, unknown or not in their order")
        self.certificates = iter([member for member in self.members if member[0] in set(certificates)])
        self.places = {name: (offset, size) for name, offset, size in self.members}

    def pieces(self, name):
        offset, left = self.places[name]
        with open(self.path, "rb") as file:
            file.seek(offset)
            while left:
                piece = file.read(min(left, 1 << 16))
                left -= len(piece)
                yield piece

    def read(self, name):
        return b"".join(self.pieces(name))

    def lines(self, name):
        rest = b""
        for piece in self.pieces(name):
            *whole, rest = (rest + piece).split(b"\n")
            yield from whole
        require(rest == b"", f"{name} breaks off")

    def check_manifest(self):
        text = self.read("MANIFEST").decode()
        lines = []
        certificates = [member for member in self.members if member[0].startswith("certificates/")]
        for name, _, size in certificates + [m for m in self.members[:-1] if m not in certificates]:
            digest = hashlib.sha256()
            for piece in self.pieces(name):
                digest.update(piece)
            lines.append(f"{digest.hexdigest()} {size} {name}\n")
        files = "".join(lines)
        rest = text[len(files):].split("\n")
        require(text.startswith(files) and len(rest) == 4 and rest[3] == "", "MANIFEST does not list these files")
        require(re.fullmatch("certroll [0-9A-Za-z.+-]{1,64}", rest[0]), "MANIFEST does not say who made it")
        time = r"generated \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[.]\d{3}Z"
        require(re.fullmatch(time, rest[1], re.ASCII), "MANIFEST does not say when")
        require(sha256(f"{files}{rest[0]}\n{rest[1]}\n".encode()).hex() == rest[2], "the hash in MANIFEST is wrong")


def hash_list(data):
    lines = data.decode().split("\n")
    require(lines.pop() == "" and all(re.fullmatch("[0-9a-f]{64}", line) for line in lines), "not a list of hashes")
    return [bytes.fromhex(line) for line in lines]


def check_consistency(old, old_root, new, new_root, proof):
    """RFC 9162 section 2.1.4.2."""
    if old in (0, new):
        require(not proof and old_root == (sha256() if old == 0 else new_root), "wrong consistency proof")
        return
    require(0 < old < new and proof, "wrong consistency proof")
    proof = [old_root] + proof if old & (old - 1) == 0 else proof
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    a = b = proof[0]
    for sibling in proof[1:]:
        require(last, "wrong consistency proof")
        if node & 1 or node == last:
            a, b = sha256(b"\x01", sibling, a), sha256(b"\x01", sibling, b)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            b = sha256(b"\x01", b, sibling)
        node, last = node >> 1, last >> 1
    require((a, b, last) == (old_root, new_root, 0), "wrong consistency proof")


def row(record, leaf):
    """The row of the table for a record."""
    cert, req, why, err = (record.get(key) or {} for key in ("cert", "req", "why", "err"))
    names = cert.get("san", []) if cert else req.get("names", [])
    cells = [str(record["seq"]), record["ts"], record["ev"], record["out"], record["op"],
             record.get("actor", {}).get("id", ""),
             req.get("template", ""), cert.get("iss", ""), cert.get("sn", ""), "; ".join(names),
             (cert or req).get("nb", ""), (cert or req).get("na", ""), cert.get("sha256", ""),
             why.get("reason", why.get("code", "")), why.get("text", ""), why.get("ticket", ""),
             f"{err['code']}: {err['text']}" if err else "", leaf.hex(), str(record.get("item", "")),
             req.get("act", ""), (cert or req).get("prev", ""),
             record.get("actor", {}).get("auth", "")]
    return ["'" + cell if cell[:1] and cell[0] in "=+-@\t\r" else cell for cell in cells]


def csv_line(cells):
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().encode()


def der(data, tag=None):
    """One DER element at the beginning: its tag, its content, all its bytes, and what follows."""
    length, start = data[1], 2
    if length & 0x80:
        start = 2 + (length & 0x7F)
        length = int.from_bytes(data[2:start], "big")
    require(len(data) >= start + length and tag in (None, data[0]), "a certificate that is not DER")
    return data[0], data[start : start + length], data[: start + length], data[start + length :]


def check_certificate(data, facts):
    require(sha256(data).hex() == facts["sha256"], "the certificate is another one")
    _, tbs, _, _ = der(der(data, 0x30)[1], 0x30)
    if tbs[0] == 0xA0:
        tbs = der(tbs)[3]
    _, serial, _, tbs = der(tbs, 0x02)
    tbs = der(der(tbs)[3])[3]
    _, validity, _, tbs = der(tbs, 0x30)
    spki = der(der(tbs)[3], 0x30)[2]
    times = []
    while validity:
        tag, text, _, validity = der(validity)
        text = text.decode()
        text = text if tag == 0x18 else ("19" if text >= "50" else "20") + text
        times.append(datetime.strptime(text, "%Y%m%d%H%M%SZ").strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0"))
    require((serial.lstrip(b"\0") or b"\0").hex() == facts["sn"], "the certificate has another serial number")
    require(times == [facts["nb"], facts["na"]], "the certificate has another validity")
    require(sha256(spki).hex() == facts["spki"], "the certificate has another public key")


def verify_bundle(bundle, vkey, size, root, since, roots):
    """The records of a bundle with everything that goes with them. `since` is the checkpoint in it, if there is one."""
    require(bundle.read("vkey") == vkey.encode() + b"\n", "the key in the bundle is another one than yours")
    log = Log(roots)
    begins = 0
    if since:
        begins = since[2]
        check_consistency(begins, since[3], size, root, hash_list(bundle.read("since/consistency")))
        log.tree.size, log.tree.edge = begins, hash_list(bundle.read("since/subtrees"))
        require(len(log.tree.edge) == bin(begins).count("1"), "the subtrees are not those of a tree of that size")
        require(log.tree.root() == since[3], "the subtrees are not those of the earlier checkpoint")
        log.rules.partial = begins > 0
        log.reach()
    require(all(begins <= known for known, _ in roots), "the bundle begins after your checkpoint")
    withheld = bundle.lines("withheld") if "withheld" in bundle.places else iter(())
    records, table = bundle.lines("records.jsonl"), bundle.pieces("records.csv")
    # A bundle of certroll 0.1 has fewer columns.
    rest = next(table, b"")
    columns = len(COLUMNS) if rest.startswith(csv_line(COLUMNS)) else FIRST_COLUMNS
    row_bytes = csv_line(COLUMNS[:columns])
    certificates, hidden = 0, next(withheld, None)
    while True:
        while len(rest) < len(row_bytes) and (piece := next(table, b"")):
            rest += piece
        require(rest.startswith(row_bytes), f"before record {log.tree.size}: the table says something else")
        rest = rest[len(row_bytes):]
        while hidden is not None:
            match = re.fullmatch(rb"(0|[1-9][0-9]*) ([0-9a-f]{64})", hidden)
            require(match, "a line of `withheld` is none")
            if int(match[1]) != log.tree.size:
                break
            log.withhold(bytes.fromhex(match[2].decode()))
            hidden = next(withheld, None)
        line = next(records, None)
        if line is None:
            break
        record, leaf = log.admit(line)
        row_bytes = csv_line(row(record, leaf)[:columns])
        if record["ev"] in ("cert.issued", "ca.cert.issued", "cert.imported", "ca.imported", "cert.adopted"):
            name, _, _ = next(bundle.certificates, ("", 0, 0))
            require(name == f"certificates/{record['cert']['sha256']}.der", f"record {record['seq']}: no certificate")
            check_certificate(bundle.read(name), record["cert"])
            certificates += 1
    require(hidden is None, "`withheld` names records that are not missing")
    require(rest == b"" and next(table, None) is None, "the table has more rows than there are records")
    require(next(bundle.certificates, None) is None, "there are certificates without a record")
    require(log.tree.size == size, "there are more records than the checkpoint covers")
    log.end()
    bundle.check_manifest()
    return log, certificates


def write_signature(directory, number, checkpoint, key):
    directory.mkdir(parents=True, exist_ok=True)
    pem = base64.b64encode(SPKI_PREFIX + key).decode()
    (directory / "key.pem").write_text(f"-----BEGIN PUBLIC KEY-----\n{pem}\n-----END PUBLIC KEY-----\n")
    text, signature = directory / f"text{number}", directory / f"signature{number}"
    text.write_bytes(checkpoint[0].encode())
    signature.write_bytes(checkpoint[1])
    print(f"openssl pkeyutl -verify -pubin -inkey {directory}/key.pem -rawin -in {text} -sigfile {signature}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export", type=pathlib.Path)
    parser.add_argument("vkey")
    parser.add_argument("checkpoint", nargs="?", type=pathlib.Path)
    parser.add_argument("--since", metavar="CHECKPOINT", type=pathlib.Path)
    parser.add_argument("--signature", metavar="DIR", type=pathlib.Path)
    args = parser.parse_args()
    vkey = pathlib.Path(args.vkey)
    certificates = None
    try:
        vkey = (vkey.read_text() if vkey.is_file() else args.vkey).rstrip("\n")
        name, key_id, key = read_key(vkey)
        opened = lambda note: read_checkpoint(note.decode(), name, key_id)
        checkpoints = [opened(args.since.read_bytes())] if args.since else []
        with open(args.export, "rb") as export:
            is_lines = export.read(1) in (b"", b"{")
        if is_lines:
            note = args.checkpoint or args.export.with_name(args.export.name + ".checkpoint")
            checkpoints.append(opened(note.read_bytes()))
            size = checkpoints[-1][2]
            log = verify_lines(args.export, [checkpoint[2:] for checkpoint in checkpoints])
        else:
            bundle = Bundle(args.export)
            checkpoints.append(opened(bundle.read("checkpoint")))
            size, root = checkpoints[-1][2:]
            roots = [checkpoint[2:] for checkpoint in checkpoints]
            since = opened(bundle.read("since/checkpoint")) if "since/checkpoint" in bundle.places else None
            checkpoints += [since] if since else []
            if "cosigned" in bundle.places:
                checkpoints.append(opened(bundle.read("cosigned")))
                require(checkpoints[-1][2] <= size, "`cosigned` covers records that are not in here")
                roots.append(checkpoints[-1][2:])
            log, certificates = verify_bundle(bundle, vkey, size, root, since, roots)
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except (Defect, ValueError, KeyError, IndexError, RecursionError) as error:
        print(f"not verified: {error}", file=sys.stderr)
        return 13
    rules = log.rules
    print(f"{log.tree.size} records, root {log.tree.root().hex()}")
    print(f"{size} of them under the checkpoint of {name}")
    if rules.partial:
        print(f"{log.withheld} of them withheld; {rules.unchecked} rules could not be checked without those not in here")
    if certificates is not None:
        print(f"{certificates} certificates, each as its record says")
    # Of a group a bundle may show one certificate; what became of the others is not in it.
    unended = [intent for intent in rules.open.values() if not (log.withheld and intent[3])]
    print(f"{rules.issued} issued, {rules.revoked} revoked, {rules.refused} refused, {len(unended)} intents open")
    if rules.imported and rules.has_predecessor:
        print(f"{rules.imported} taken over from the log before this one")
    for ca, seq, certificates in rules.authorities:
        print(f"CA {ca} was taken over at record {seq} with {certificates} certificates: complete since then")
    if args.signature:
        print("now check the signature of every checkpoint:")
        for number, checkpoint in enumerate(checkpoints):
            write_signature(args.signature, number, checkpoint, key)
    return 0


if __name__ == "__main__":
    sys.exit(main())
