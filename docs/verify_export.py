#!/usr/bin/env python3
"""Verifies an export of certroll's audit log with nothing but Python's standard library.

    verify_export.py EXPORT.jsonl VKEY [CHECKPOINT] [--signature DIR]

VKEY is the key that you were given when the log began, or a file that holds it. CHECKPOINT is EXPORT.jsonl.checkpoint
when left out; give an older one to see that the export still begins with the records you saw then.

Checked here: the form of every record, their numbers, the Merkle root against the checkpoint, that every certificate and
revocation was announced before, that no serial number was given twice. Not checked here: the checkpoint's signature,
because Ed25519 is not in the standard library. With --signature the three files for OpenSSL are written to DIR, and the
command is printed. Without that step this proves nothing: anybody can compute a root.

Exit code: 0 verified, 2 wrong usage, 13 not verified. The format is described in audit-log.md.
"""

import argparse
import base64
import hashlib
import json
import pathlib
import re
import sys

ALWAYS = ["v", "seq", "id", "op", "sess", "ts", "mono", "ev", "out", "actor"]
SOMETIMES = ["src", "why", "pol", "req", "cert", "rem", "ref", "appr", "tgt", "err", "x"]
OUTCOMES = {"ok", "fail", "denied", "pending", "indeterminate"}
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
    parts = text.strip().split("+", 2)
    require(len(parts) == 3, "this is not a verifier key, `name+hash+key`")
    name, key_id, key = parts[0], parts[1], unbase64(parts[2])
    require(len(key) == 33 and key[0] == 1, "the verifier key is not of type Ed25519")
    require(sha256(name.encode(), b"\n", key)[:4].hex() == key_id, "the hash in the verifier key is wrong")
    return name, bytes.fromhex(key_id), key[1:]


def read_checkpoint(note, name, key_id):
    """The signed text, the signature by that key, and the size and root that the text states."""
    text, blank, lines = note.rpartition("\n\n")
    require(blank and lines.endswith("\n"), "the checkpoint is not a signed note")
    text += "\n"
    signature = None
    for line in lines.splitlines():
        mark, signer, blob = (line.split(" ") + ["", ""])[:3]
        require(mark == "\u2014" and line == f"\u2014 {signer} {blob}", "a signature line is malformed")
        blob = unbase64(blob)
        if signer == name and blob[:4] == key_id:
            signature = blob[4:]
    require(signature is not None and len(signature) == 64, f"the checkpoint is not signed by `{name}`")
    body = text.split("\n")
    require(len(body) == 4 and body[3] == "", "the checkpoint is not the three lines origin, size and root")
    require(body[0] == name, f"the checkpoint is of the log `{body[0]}`")
    require(re.fullmatch("0|[1-9][0-9]*", body[1]), "the size in the checkpoint is malformed")
    return text, signature, int(body[1]), unbase64(body[2])


def fields(pairs):
    found = dict(pairs)
    require(len(found) == len(pairs), "a field stands twice")
    return found


class Rules:
    """What the records must say of each other."""

    def __init__(self):
        self.open, self.known = {}, set()
        self.issued = self.revoked = self.refused = 0

    def admit(self, record, seq, leaf):
        keys = list(record)
        require(keys[: len(ALWAYS)] == ALWAYS, "fields are missing or not in their order")
        rest = keys[len(ALWAYS) :]
        require(rest == [key for key in SOMETIMES if key in rest], "fields are unknown or not in their order")
        require(record["v"] == 1, f"schema version {record['v']}, and this program reads 1")
        require(record["seq"] == seq, f"it says that its place is {record['seq']}")
        require(record["out"] in OUTCOMES, "unknown outcome")
        self.refused += record["out"] == "denied"
        self.pair(record, seq, leaf)
        self.count(record)

    def pair(self, record, seq, leaf):
        event = record["ev"]
        if event in OPENS:
            count = record.get("req", {}).get("count", 1)
            place = (record["op"], OPENS[event])
            require(count > 0, "the intent announces nothing")
            require(place not in self.open, "the operation has an open intent already")
            self.open[place] = [count, seq, leaf.hex()]
            return
        kind = ENDS.get(event) or CONTINUES.get(event)
        if kind is None or (event in ("cert.issued", "ca.cert.issued") and record.get("x", {}).get("imported") is True):
            return
        intent = self.open.get((record["op"], kind))
        if intent is None:
            require(event == "cert.revoke.refused", f"`{event}` was not announced")
            return
        if "ref" in record:
            require([record["ref"]["seq"], record["ref"]["leaf"]] == intent[1:], "its `ref` is not its intent")
        if event in CONTINUES:
            return
        intent[0] = 0 if event == "cert.issue.abandoned" else intent[0] - 1
        if intent[0] == 0:
            del self.open[(record["op"], kind)]

    def count(self, record):
        if record["ev"] not in ("cert.issued", "ca.cert.issued", "cert.revoked"):
            return
        require("cert" in record, "it does not say which certificate")
        identity = (record["cert"]["iss"], record["cert"]["sn"])
        if record["ev"] == "cert.revoked":
            require(identity in self.known, f"revoked, but never issued: {identity}")
            self.revoked += 1
        else:
            require(identity not in self.known, f"serial number given twice: {identity}")
            self.known.add(identity)
            self.issued += 1


def verify(export, size, root):
    tree, rules, reached = Tree(), Rules(), size == 0
    with open(export, "rb") as lines:
        for seq, line in enumerate(lines):
            try:
                require(line.endswith(b"\n"), "the file breaks off")
                line = line[:-1]
                require(len(line) <= 65535 and not re.search(rb"[\0\r]", line), "too long, or control characters")
                leaf = sha256(b"\x00", line)
                tree.add(leaf)
                rules.admit(json.loads(line, object_pairs_hook=fields), seq, leaf)
            except (Defect, ValueError, KeyError, TypeError, AttributeError) as error:
                raise Defect(f"line {seq + 1}: {error}") from error
            if tree.size == size:
                reached = True
                require(tree.root() == root, f"the first {size} records are not those of the checkpoint")
    require(reached, f"the export has {tree.size} records, the checkpoint was signed over {size}")
    return tree, rules


def write_signature(directory, text, signature, key):
    directory = pathlib.Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    pem = base64.b64encode(SPKI_PREFIX + key).decode()
    (directory / "key.pem").write_text(f"-----BEGIN PUBLIC KEY-----\n{pem}\n-----END PUBLIC KEY-----\n")
    (directory / "text").write_bytes(text.encode())
    (directory / "signature").write_bytes(signature)
    print("now check the signature of the checkpoint:")
    print(f"openssl pkeyutl -verify -pubin -inkey {directory}/key.pem -rawin -in {directory}/text "
          f"-sigfile {directory}/signature")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("export")
    parser.add_argument("vkey")
    parser.add_argument("checkpoint", nargs="?")
    parser.add_argument("--signature", metavar="DIR")
    args = parser.parse_args()
    path = pathlib.Path(args.vkey)
    try:
        name, key_id, key = read_key(path.read_text() if path.is_file() else args.vkey)
        note = pathlib.Path(args.checkpoint or f"{args.export}.checkpoint").read_bytes().decode()
        text, signature, size, root = read_checkpoint(note, name, key_id)
        tree, rules = verify(args.export, size, root)
    except OSError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except (Defect, ValueError) as error:
        print(f"not verified: {error}", file=sys.stderr)
        return 13
    print(f"{tree.size} records, root {tree.root().hex()}")
    print(f"{size} of them under the checkpoint of {name}")
    print(f"{rules.issued} issued, {rules.revoked} revoked, {rules.refused} refused, {len(rules.open)} intents open")
    if args.signature:
        write_signature(args.signature, text, signature, key)
    return 0


if __name__ == "__main__":
    sys.exit(main())
