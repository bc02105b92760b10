"""Makes the certificate requests that tests/it/requests reads: bad.txt and good.txt, each a list of `== NAME` and PEM.

Needs Python with `cryptography`, and for the good ones openssl, keytool and certtool. The tests need none of them: run this again
only to add requests. What is expected of each stands in the tests.
"""
import base64, hashlib, os, random, subprocess, sys, tempfile
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.x509.oid import NameOID

# --- DER by hand

def tlv(tag, body):
    n = len(body)
    if n < 128:
        length = bytes([n])
    else:
        digits = n.to_bytes((n.bit_length() + 7) // 8, "big")
        length = bytes([0x80 | len(digits)]) + digits
    return bytes([tag]) + length + body


def seq(*parts):
    return tlv(0x30, b"".join(parts))


def oid(text):
    arcs = [int(arc) for arc in text.split(".")]
    out = bytes([arcs[0] * 40 + arcs[1]])
    for arc in arcs[2:]:
        group = [arc & 127]
        arc >>= 7
        while arc:
            group.append(0x80 | (arc & 127))
            arc >>= 7
        out += bytes(reversed(group))
    return tlv(6, out)


def rdn(attribute, value, tag=0x0C):
    return tlv(0x31, seq(oid(attribute), tlv(tag, value)))


def ext(kind, value, critical=False):
    return seq(oid(kind), *([tlv(1, b"\xff")] if critical else []), tlv(4, value))


CN, O, OU, C, SERIAL, EMAIL = "2.5.4.3", "2.5.4.10", "2.5.4.11", "2.5.4.6", "2.5.4.5", "1.2.840.113549.1.9.1"
SAN, KU, EKU, BC = "2.5.29.17", "2.5.29.15", "2.5.29.37", "2.5.29.19"
REQUEST, OLD_REQUEST = "1.2.840.113549.1.9.14", "1.3.6.1.4.1.311.2.1.14"
RSA_SHA256 = seq(oid("1.2.840.113549.1.1.11"), b"\x05\0")


def p256():
    return ec.generate_private_key(ec.SECP256R1())


def cn(value):
    return seq(rdn(CN, value))


def dns(value):
    return tlv(0x82, value)


def san(*names):
    return ext(SAN, seq(*names))


def other(kind, value):
    return tlv(0xA0, oid(kind) + tlv(0xA0, value))


def attribute(kind, *values):
    return seq(oid(kind), tlv(0x31, b"".join(values)))


def spki_of(key):
    return key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def signer(key):
    if isinstance(key, ec.EllipticCurvePrivateKey):
        sha, kind = {
            "secp384r1": (hashes.SHA384(), "1.2.840.10045.4.3.3"),
            "secp521r1": (hashes.SHA512(), "1.2.840.10045.4.3.4"),
        }.get(key.curve.name, (hashes.SHA256(), "1.2.840.10045.4.3.2"))
        return lambda info: (seq(oid(kind)), key.sign(info, ec.ECDSA(sha)))
    if isinstance(key, rsa.RSAPrivateKey):
        return lambda info: (RSA_SHA256, key.sign(info, padding.PKCS1v15(), hashes.SHA256()))
    if isinstance(key, ed448.Ed448PrivateKey):
        return lambda info: (seq(oid("1.3.101.113")), key.sign(info))
    if isinstance(key, dsa.DSAPrivateKey):
        return lambda info: (seq(oid("2.16.840.1.101.3.4.3.2")), key.sign(info, hashes.SHA256()))
    return lambda info: (seq(oid("1.3.101.112")), key.sign(info))


def request(subject, extensions=(), key=None, attributes=None, spki=None, sign=None, version=tlv(2, b"\0"), kind=REQUEST):
    key = key or (None if sign else p256())
    if attributes is None:
        attributes = attribute(kind, seq(*extensions)) if extensions else b""
    info = seq(version, subject, spki or spki_of(key), tlv(0xA0, attributes))
    algorithm, signature = (sign or signer(key))(info)
    return seq(info, algorithm, tlv(3, b"\0" + signature))


def pem(der):
    text = base64.b64encode(der).decode()
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN CERTIFICATE REQUEST-----\n{lines}\n-----END CERTIFICATE REQUEST-----\n"


# --- RSA with numbers of our choice

def is_prime(n, rounds=12):
    if n % 2 == 0:
        return False
    for p in (3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37):
        if n % p == 0:
            return n == p
    d, s = n - 1, 0
    while d % 2 == 0:
        d //= 2
        s += 1
    for _ in range(rounds):
        x = pow(random.randrange(2, n - 1), d, n)
        if x in (1, n - 1):
            continue
        for _ in range(s - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


def next_prime(n, e=65537):
    n |= 1
    while not ((n - 1) % e and is_prime(n)):
        n += 2
    return n


def prime(bits, e=65537):
    return next_prime(random.getrandbits(bits) | (3 << (bits - 2)), e)


def integer(n):
    body = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return tlv(2, (b"\0" if body[0] & 0x80 else b"") + body)


def rsa_request(p, q, e=65537):
    n, phi = p * q, (p - 1) * (q - 1)
    try:
        d = pow(e, -1, phi)
    except ValueError:
        d = 1
    spki = seq(seq(oid("1.2.840.113549.1.1.1"), b"\x05\0"), tlv(3, b"\0" + seq(integer(n), integer(e))))

    def sign(info):
        digest = bytes.fromhex("3031300d060960864801650304020105000420") + hashlib.sha256(info).digest()
        length = (n.bit_length() + 7) // 8
        padded = b"\0\x01" + b"\xff" * (length - len(digest) - 3) + b"\0" + digest
        return RSA_SHA256, pow(int.from_bytes(padded, "big"), d, n).to_bytes(length, "big")

    return request(cn(b"a"), [san(dns(b"ok.example.net"))], spki=spki, sign=sign)


def roca_prime(bits):
    m, primes, x = 1, 0, 2
    while primes < 126:
        if all(x % y for y in range(2, x) if y * y <= x):
            m *= x
            primes += 1
        x += 1
    while True:
        base = pow(65537, random.randrange(1, 1 << 60), m)
        k = random.randrange((3 << (bits - 2)) // m, (1 << bits) // m)
        v = k * m + base
        if v.bit_length() == bits and is_prime(v, 6) and (v - 1) % 65537:
            return v


# --- bad ones

def one_name(tag, value):
    return request(cn(b"a"), [san(tlv(tag, value))])


def one_dns(value):
    return one_name(0x82, value)


def one_subject(*relatives):
    return request(seq(*relatives), [san(dns(b"ok.example.net"))])


def bad():
    ok = san(dns(b"ok.example.net"))
    out = {}
    for name, value in {
        "dns-nul": b"evil.com\0.example.net",
        "dns-nul-whole": b"www.evil.org\0.example.net",
        "dns-space": b"evil.com .example.net",
        "dns-line-feed": b"evil.com\n.example.net",
        "dns-return": b"evil.com\r.example.net",
        "dns-tab": b"evil.com\t.example.net",
        "dns-delete": b"evil\x7f.example.net",
        "dns-escape": b"evil\x1b[31m.example.net",
        "dns-empty": b"",
        "dns-empty-label": b"a..example.net",
        "dns-leading-dot": b".example.net",
        "dns-trailing-dot": b"host.example.net.",
        "dns-wildcard-twice": b"*.*.example.net",
        "dns-wildcard-middle": b"foo.*.example.net",
        "dns-wildcard-part": b"f*.example.net",
        "dns-wildcard-w": b"w*.example.net",
        "dns-wildcard-before": b"*example.net",
        "dns-wildcard-alone": b"*",
        "dns-underscore": b"_x.example.net",
        "dns-utf8": "bücher.example.net".encode(),
        "dns-latin1": "bücher.example.net".encode("latin-1"),
        "dns-long-label": b"a" * 64 + b".example.net",
        "dns-long": b"abcdefghi." * 30 + b"example.net",
        "dns-port": b"ok.example.net:443",
        "dns-url": b"https://ok.example.net",
        "dns-mail": b"a@ok.example.net",
        "dns-quote": b'ok".example.net',
        "dns-backslash": b"ok\\.example.net",
        "dns-hyphen-first": b"-ok.example.net",
        "dns-hyphen-last": b"ok-.example.net",
        "dns-address": b"10.0.0.1",
        "dns-no-address": b"10.0.0.300",
        "dns-false-a-label": b"xn--a.example.net",
    }.items():
        out[name] = one_dns(value)
    for name, value in {
        "mail-no-at": b"example.net",
        "mail-two-at": b"a@b@example.net",
        "mail-space": b"a b@example.net",
        "mail-nul": b"root@evil.com\0@example.net",
        "mail-utf8": "ü@example.net".encode(),
        "mail-underscore": b"a@ex_ample.net",
    }.items():
        out[name] = one_name(0x81, value)
    for name, value in {
        "uri-no-scheme": b"//ok.example.net/",
        "uri-no-host": b"https:/x",
        "uri-space": b"https://ok.example.net/a b",
        "uri-utf8": "https://ok.example.net/ü".encode(),
        "uri-wildcard": b"https://*.example.net/",
        "uri-percent": b"https://ok.example.net/%zz",
        "uri-nul": b"https://evil.com\0.example.net/",
        "uri-final-dot": b"https://a.evil.com.:443/",
    }.items():
        out[name] = one_name(0x86, value)
    for name, value in {
        "ip-none": b"",
        "ip-5": bytes([10, 0, 0, 1, 0]),
        "ip-8": bytes([10, 0, 0, 1, 255, 0, 0, 0]),
        "ip-17": bytes(17),
        "ip-mapped": bytes(10) + b"\xff\xff" + bytes([10, 66, 0, 1]),
    }.items():
        out[name] = one_name(0x87, value)
    out["other-upn"] = request(cn(b"a"), [san(other("1.3.6.1.4.1.311.20.2.3", tlv(0x0C, b"Administrator@corp")), dns(b"ok.example.net"))])
    out["other-hwm"] = request(cn(b"a"), [san(other("1.3.6.1.5.5.7.8.4", tlv(4, b"x")), dns(b"ok.example.net"))])
    out["other-srv"] = request(cn(b"a"), [san(other("1.3.6.1.5.5.7.8.7", tlv(0x16, b"mqtt.example.net")), dns(b"ok.example.net"))])
    out["other-mail"] = request(cn(b"a"), [san(other("1.3.6.1.5.5.7.8.9", tlv(0x0C, "ü@evil.com".encode())), dns(b"ok.example.net"))])
    out["other-bare"] = request(cn(b"a"), [san(tlv(0xA0, oid("1.2.3")), dns(b"ok.example.net"))])
    out["registered-id"] = request(cn(b"a"), [san(tlv(0x88, b"\x2a\x03\x04"), dns(b"ok.example.net"))])
    out["x400"] = request(cn(b"a"), [san(tlv(0xA3, seq()), dns(b"ok.example.net"))])
    out["edi"] = request(cn(b"a"), [san(tlv(0xA5, seq()), dns(b"ok.example.net"))])
    out["unknown-tag"] = request(cn(b"a"), [san(tlv(0x89, b"x"), dns(b"ok.example.net"))])
    out["directory-empty"] = request(cn(b"a"), [san(tlv(0xA4, seq()), dns(b"ok.example.net"))])
    out["directory"] = request(cn(b"a"), [san(tlv(0xA4, seq(rdn(O, b"evil"))), dns(b"ok.example.net"))])
    out["san-empty"] = request(cn(b"ok.example.net"), [ext(SAN, seq())])
    out["san-number"] = request(cn(b"ok.example.net"), [ext(SAN, tlv(2, b"\1"))])
    out["san-trailing"] = request(cn(b"a"), [ext(SAN, seq(dns(b"ok.example.net")) + b"\0")])
    out["san-twice"] = request(cn(b"a"), [ok, san(dns(b"evil.com"))])
    out["attribute-twice"] = request(cn(b"a"), attributes=attribute(REQUEST, seq(ok)) + attribute(REQUEST, seq(san(dns(b"evil.com")))))
    out["attribute-old-and-new"] = request(cn(b"a"), attributes=attribute(REQUEST, seq(ok)) + attribute(OLD_REQUEST, seq(ok)))
    out["attribute-two-values"] = request(cn(b"a"), attributes=attribute(REQUEST, seq(ok), seq(san(dns(b"evil.com")))))
    out["attribute-no-value"] = request(cn(b"a"), attributes=attribute(REQUEST))
    out["ku-twice"] = request(cn(b"a"), [ok, ext(KU, tlv(3, b"\5\xa0")), ext(KU, tlv(3, b"\1\6"))])
    out["ku-malformed"] = request(cn(b"a"), [ok, ext(KU, tlv(4, b"\5\xa0"))])
    out["eku-malformed"] = request(cn(b"a"), [ok, ext(EKU, oid("2.5.29.37.0"))])
    out["bc-malformed"] = request(cn(b"a"), [ok, ext(BC, seq(tlv(1, b"\xff"), tlv(12, b"x")))])
    out["version-2"] = request(cn(b"a"), [ok], version=tlv(2, b"\1"))
    out["version-negative"] = request(cn(b"a"), [ok], version=tlv(2, b"\xff"))
    out["cn-nul"] = one_subject(rdn(CN, b"evil.com\0.example.net"))
    out["cn-control"] = one_subject(rdn(CN, b"evil\x1b[31m\n\x07"))
    out["cn-reversed"] = one_subject(rdn(CN, "ok\u202eten.elpmaxe".encode()))
    out["cn-octets"] = one_subject(rdn(CN, b"evil.com", 0x04))
    out["cn-long"] = one_subject(rdn(CN, b"a" * 65))
    out["cn-empty"] = one_subject(rdn(CN, b""))
    out["cn-blank-end"] = one_subject(rdn(CN, b"evil.com "))
    out["cn-no-utf8"] = one_subject(rdn(CN, b"a\xff"))
    out["cn-odd-bmp"] = one_subject(rdn(CN, b"\0a\0", 0x1E))
    out["country-long"] = one_subject(rdn(C, b"DEU", 0x13), rdn(CN, b"a"))
    out["serial-sign"] = one_subject(rdn(SERIAL, b"7_1"), rdn(CN, b"a"))
    out["mail-in-subject"] = one_subject(rdn(EMAIL, "ü@example.net".encode()), rdn(CN, b"a"))
    out["organization-feed"] = one_subject(rdn(O, b"Example\nO=Evil"), rdn(CN, b"a"))
    out["unit-long"] = one_subject(rdn(OU, b"a" * 65), rdn(CN, b"a"))
    # Refused by the policy of the test: only example.net.
    out["cn-second"] = one_subject(rdn(CN, b"ok.example.net"), rdn(CN, b"evil.com"))
    out["cn-only"] = request(cn(b"evil.com"))
    out["cn-underscore"] = request(cn(b"my_host.evil.com"))
    out["cn-final-dot"] = request(cn(b"evil.com."))
    out["cn-evil"] = one_subject(rdn(CN, b"evil.com"))
    out["cn-bmp"] = one_subject(rdn(CN, "evil.com".encode("utf-16-be"), 0x1E))
    out["cn-t61"] = one_subject(rdn(CN, b"evil.com", 0x14))
    out["old-attribute-evil"] = request(cn(b"a"), [san(dns(b"evil.com"))], kind=OLD_REQUEST)
    # Refused by the constraints of the CA of the test.
    out["constraint-upper"] = one_dns(b"HOST.SECRET.example.net")
    out["constraint-mixed"] = one_dns(b"host.Secret.Example.Net")
    out["constraint-wildcard"] = one_dns(b"*.example.net")
    out["constraint-ip"] = one_name(0x87, bytes([10, 66, 0, 1]))
    out["constraint-uri"] = one_name(0x86, b"https://a.evil.com/")
    out["constraint-uri-no-host"] = one_name(0x86, b"urn:evil:com")
    for name, value, tag in [("exact", b"Evil Corp", 0x0C), ("case", b"EVIL corp", 0x0C), ("type", b"Evil Corp", 0x13), ("spaces", b"Evil  Corp", 0x0C)]:
        out["constraint-dn-" + name] = one_subject(rdn(O, value, tag), rdn(CN, b"x"))
    out["constraint-mail"] = one_subject(rdn(EMAIL, b"root@evil.com", 0x16), rdn(CN, b"x"))
    # Keys that nobody certifies.
    sha1 = rsa.generate_private_key(65537, 2048)
    out["key-sha1"] = request(cn(b"a"), [ok], spki=spki_of(sha1), sign=lambda info: (seq(oid("1.2.840.113549.1.1.5"), b"\x05\0"), sha1.sign(info, padding.PKCS1v15(), hashes.SHA1())))
    pss = seq(tlv(0xA0, seq(oid("2.16.840.1.101.3.4.2.1"), b"\x05\0")), tlv(0xA1, seq(oid("1.2.840.113549.1.1.8"), seq(oid("2.16.840.1.101.3.4.2.1"), b"\x05\0"))), tlv(0xA2, tlv(2, b"\x20")))
    out["key-pss"] = request(cn(b"a"), [ok], spki=spki_of(sha1), sign=lambda info: (seq(oid("1.2.840.113549.1.1.10"), pss), sha1.sign(info, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())))
    out["key-brainpool"] = request(cn(b"a"), [ok], key=ec.generate_private_key(ec.BrainpoolP256R1()))
    out["key-secp256k1"] = request(cn(b"a"), [ok], key=ec.generate_private_key(ec.SECP256K1()))
    out["key-p224"] = request(cn(b"a"), [ok], key=ec.generate_private_key(ec.SECP224R1()))
    out["key-ed448"] = request(cn(b"a"), [ok], key=ed448.Ed448PrivateKey.generate())
    out["key-dsa"] = request(cn(b"a"), [ok], key=dsa.generate_private_key(2048))
    p, q = prime(1024), prime(1024)
    out["key-e-1"] = rsa_request(p, q, 1)
    out["key-e-even"] = rsa_request(p, q, 65536)
    out["key-e-40-bits"] = rsa_request(p, q, (1 << 40) + 15)
    out["key-e-3"] = rsa_request(prime(1024, 3), prime(1024, 3), 3)
    close = prime(1024)
    out["key-fermat"] = rsa_request(close, next_prime(close + 2))
    out["key-shared-2"] = rsa_request(p, prime(1024))
    out["key-roca"] = rsa_request(roca_prime(1024), roca_prime(1024))
    out["key-small-factor"] = rsa_request(next_prime(random.getrandbits(17) | 1 << 16), prime(2032))
    out["key-rsa-1024"] = rsa_request(prime(512), prime(512))
    forged, another = p256(), p256()
    out["forged"] = request(cn(b"a"), [ok], spki=spki_of(forged), sign=signer(another))
    out["forged-rsa-1024"] = request(cn(b"a"), [ok], spki=spki_of(sha1), sign=lambda info: (RSA_SHA256, bytes(256)))
    # Not bad: what `key-shared-2` shares its prime with.
    return out, {"own-shared-1": ("https-server", rsa_request(p, q))}


# --- good ones, by other people's programs

def run(*args):
    subprocess.run(args, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def by_openssl(directory, name, key, subject, *more):
    out = os.path.join(directory, name)
    run("openssl", "req", "-new", "-noenc", "-config", "/dev/null", "-utf8", "-newkey", *key, "-subj", subject, "-keyout", out + ".key", "-out", out, *more)
    return open(out).read()


def by_openssl_config(directory, name, text):
    config, out = os.path.join(directory, name + ".cnf"), os.path.join(directory, name)
    open(config, "w").write(text)
    run("openssl", "req", "-new", "-noenc", "-config", config, "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", out + ".key", "-out", out)
    return open(out).read()


def by_keytool(directory, name, dname, key, *more):
    store, out = os.path.join(directory, name + ".p12"), os.path.join(directory, name)
    common = ["-keystore", store, "-storetype", "PKCS12", "-storepass", "changeit", "-alias", "a"]
    run("keytool", "-genkeypair", *common, "-dname", dname, *key)
    run("keytool", "-certreq", *common, "-file", out, *more)
    return open(out).read().replace("NEW CERTIFICATE REQUEST", "CERTIFICATE REQUEST")


def by_certtool(directory, name, template, *key):
    path, out = os.path.join(directory, name + ".tmpl"), os.path.join(directory, name)
    open(path, "w").write(template)
    run("certtool", "--generate-privkey", *key, "--outfile", out + ".key")
    run("certtool", "--generate-request", "--load-privkey", out + ".key", "--template", path, "--outfile", out)
    text = open(out).read()
    return text[text.index("-----BEGIN") :].replace("NEW CERTIFICATE REQUEST", "CERTIFICATE REQUEST")


def by_cryptography(name, extensions, key=None, attributes=()):
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(name))
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    for kind, value in attributes:
        builder = builder.add_attribute(kind, value)
    key = key or p256()
    sha = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return builder.sign(key, sha).public_bytes(serialization.Encoding.PEM).decode()


def good():
    out = {}
    server, client, mail, device = "https-server", "jms-client", "message-signer", "meter"
    ec_key = lambda curve: ["ec", "-pkeyopt", "ec_paramgen_curve:" + curve]
    with tempfile.TemporaryDirectory() as directory:
        def openssl(name, template, *args):
            out["openssl-" + name] = (template, by_openssl(directory, name, *args))
        host = "subjectAltName=DNS:ok.example.net"
        for kind in ["rsa:2048", "rsa:3072"]:
            openssl(kind.replace(":", "-"), server, [kind], "/CN=ok.example.net", "-addext", host)
        for curve in ["P-256", "P-384", "P-521"]:
            openssl(curve.lower(), server, ec_key(curve), "/CN=ok.example.net", "-addext", host)
        openssl("ed25519", server, ["ed25519"], "/CN=ok.example.net", "-addext", host)
        fast = ec_key("P-256")
        for name, template, subject, more in [
            ("no-names", client, "/O=Example/CN=importer", []),
            ("long-subject", client, "/C=de/ST=Bayern/L=München/O=Stadtwerke/OU=Zähler/OU=IT/CN=importer", []),
            ("components", client, "/DC=net/DC=example/OU=Hosts/CN=importer", []),
            ("mail-in-subject", client, "/O=Example/CN=importer/emailAddress=ops@example.net", []),
            ("device-subject", device, "/CN=meter-7/serialNumber=LGZ-4711", []),
            ("empty-subject", server, "/", ["-addext", "subjectAltName=critical,DNS:ok.example.net"]),
            ("hosts", server, "/CN=a.example.net", ["-addext", "subjectAltName=DNS:a.example.net,DNS:b.example.net,IP:192.0.2.7"]),
            ("ipv6", server, "/CN=a.example.net", ["-addext", "subjectAltName=DNS:a.example.net,IP:2001:db8::7"]),
            ("upper-case", server, "/CN=OK.Example.NET", ["-addext", "subjectAltName=DNS:OK.Example.NET"]),
            ("wildcard", server, "/CN=*.example.net", ["-addext", "subjectAltName=DNS:*.example.net,DNS:example.net"]),
            ("idn", server, "/CN=xn--bro-hoa.example.net", ["-addext", "subjectAltName=DNS:xn--bro-hoa.example.net"]),
            ("uri", server, "/CN=opc", ["-addext", "subjectAltName=URI:urn:opc.example.net:server,DNS:opc.example.net"]),
            ("spiffe", client, "/O=Example", ["-addext", "subjectAltName=URI:spiffe://example.net/ns/a/sa/b"]),
            ("mail", mail, "/CN=Ops", ["-addext", "subjectAltName=email:Ops@example.net"]),
            ("hardware", device, "/CN=meter-8", ["-addext", "subjectAltName=otherName:1.3.6.1.5.5.7.8.4;SEQUENCE:hm", "-addext", "x=y"]),
            ("short-name", server, "/CN=localhost", ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]),
            ("wishes", server, "/CN=ok.example.net", ["-addext", host, "-addext", "keyUsage=digitalSignature,keyEncipherment", "-addext", "extendedKeyUsage=serverAuth,clientAuth"]),
            ("no-ca", server, "/CN=ok.example.net", ["-addext", host, "-addext", "basicConstraints=CA:FALSE"]),
            ("would-be-ca", server, "/CN=ok.example.net", ["-addext", host, "-addext", "basicConstraints=critical,CA:TRUE,pathlen:0", "-addext", "keyUsage=keyCertSign"]),
            ("must-staple", server, "/CN=ok.example.net", ["-addext", host, "-addext", "tlsfeature=status_request"]),
            ("key-id", server, "/CN=ok.example.net", ["-addext", host, "-addext", "subjectKeyIdentifier=hash"]),
            ("policies", server, "/CN=ok.example.net", ["-addext", host, "-addext", "certificatePolicies=1.3.6.1.4.1.32473.1"]),
            ("sha-384", server, "/CN=ok.example.net", ["-addext", host, "-sha384"]),
            ("multi-valued", client, "/O=Example/CN=importer+OU=a", ["-multivalue-rdn"]),
        ]:
            if name == "hardware":
                continue
            openssl(name, template, fast, subject, *more)
        for name, mask in [("utf8", "utf8only"), ("pkix", "pkix"), ("no-bmp", "nombstr")]:
            text = f"[req]\nprompt=no\nutf8=yes\nstring_mask={mask}\ndistinguished_name=dn\n[dn]\nC=DE\nO=Zähler & Co\nCN=importer\n"
            if mask != "nombstr":
                out["openssl-mask-" + name] = (client, by_openssl_config(directory, "mask-" + name, text))
        hardware = "[req]\nprompt=no\ndistinguished_name=dn\nreq_extensions=e\n[dn]\nCN=meter-8\n[e]\nsubjectAltName=otherName:1.3.6.1.5.5.7.8.4;SEQUENCE:hm\n[hm]\nt=OID:1.3.6.1.4.1.32473.1\ns=FORMAT:HEX,OCT:0011223344556677\n"
        out["openssl-hardware"] = (device, by_openssl_config(directory, "hardware", hardware))
        service = "[req]\nprompt=no\ndistinguished_name=dn\nreq_extensions=e\n[dn]\nCN=mqtt\n[e]\nsubjectAltName=DNS:mq.example.net,otherName:1.3.6.1.5.5.7.8.7;IA5STRING:_mqtt.example.net\n"
        out["openssl-service"] = (server, by_openssl_config(directory, "service", service))
        challenge = "[req]\nprompt=no\ndistinguished_name=dn\nattributes=a\n[dn]\nCN=importer\n[a]\nchallengePassword=abcdefgh\nunstructuredName=Example\n"
        out["openssl-challenge"] = (client, by_openssl_config(directory, "challenge", challenge))
        for name, key in [("rsa", ["-keyalg", "RSA", "-keysize", "2048"]), ("p256", ["-keyalg", "EC", "-groupname", "secp256r1"]), ("p384", ["-keyalg", "EC", "-groupname", "secp384r1"]), ("p521", ["-keyalg", "EC", "-groupname", "secp521r1"]), ("ed25519", ["-keyalg", "Ed25519"])]:
            out["keytool-" + name] = (server, by_keytool(directory, "keytool-" + name, "CN=ok.example.net, OU=IT, O=Example, C=DE", key, "-ext", "san=dns:ok.example.net"))
        out["keytool-plain"] = (client, by_keytool(directory, "keytool-plain", "CN=importer", ["-keyalg", "EC"]))
        out["keytool-wishes"] = (server, by_keytool(directory, "keytool-wishes", "CN=a.example.net", ["-keyalg", "EC"], "-ext", "san=dns:a.example.net,ip:192.0.2.1", "-ext", "ku=digitalSignature", "-ext", "eku=serverAuth", "-ext", "bc=ca:false"))
        for name, key, template in [
            ("rsa", ["--rsa", "--bits", "2048"], 'cn = "ok.example.net"\norganization = "Example"\ndns_name = "ok.example.net"\ntls_www_server\nsigning_key\nencryption_key\n'),
            ("p256", ["--ecdsa", "--curve", "secp256r1"], 'cn = "ok.example.net"\ndns_name = "ok.example.net"\nip_address = "192.0.2.3"\n'),
            ("ed25519", ["--key-type", "ed25519"], 'cn = "ok.example.net"\ndns_name = "ok.example.net"\n'),
            ("uri", ["--ecdsa", "--curve", "secp384r1"], 'cn = "ok"\nuri = "https://ok.example.net/"\ndns_name = "ok.example.net"\n'),
        ]:
            out["certtool-" + name] = (server, by_certtool(directory, "certtool-" + name, template, *key))
    named = [x509.NameAttribute(NameOID.COMMON_NAME, "ok.example.net")]
    alt = (x509.SubjectAlternativeName([x509.DNSName("ok.example.net")]), False)
    out["cryptography-p256"] = (server, by_cryptography(named, [alt]))
    out["cryptography-rsa"] = (server, by_cryptography(named, [alt], rsa.generate_private_key(65537, 2048)))
    out["cryptography-ed25519"] = (server, by_cryptography(named, [alt], ed25519.Ed25519PrivateKey.generate()))
    out["cryptography-unstructured"] = (server, by_cryptography(named, [alt], attributes=[(x509.ObjectIdentifier("1.2.840.113549.1.9.2"), b"meter")]))
    out["cryptography-old-strings"] = (client, by_cryptography([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Zähler", _type=x509.name._ASN1Type.BMPString), x509.NameAttribute(NameOID.COMMON_NAME, "importer", _type=x509.name._ASN1Type.PrintableString)], []))
    # As certreq of Windows makes them, at its two ages.
    told = attribute("1.3.6.1.4.1.311.13.2.3", tlv(0x16, b"10.0.17763.2")) + attribute("1.3.6.1.4.1.311.21.20", seq(tlv(2, b"\5"), tlv(0x0C, b"HOST"), tlv(0x0C, b"CORP\\admin"), tlv(0x0C, b"certreq.exe")))
    told += attribute("1.3.6.1.4.1.311.13.2.2", seq(tlv(2, b"\1"), tlv(0x1E, "Microsoft Software Key Storage Provider".encode("utf-16-be")), tlv(3, b"\0")))
    usage = ext(KU, tlv(3, b"\5\xa0"), True)
    policies = ext("1.3.6.1.4.1.311.21.10", seq(seq(oid("1.3.6.1.5.5.7.3.1"))))
    identifier = ext("2.5.29.14", tlv(4, bytes(20)))
    asked = seq(usage, ext(EKU, seq(oid("1.3.6.1.5.5.7.3.1"))), policies, san(dns(b"ok.example.net")), identifier)
    out["windows-new"] = (server, pem(request(seq(rdn(C, b"DE", 0x13), rdn(O, b"Example", 0x13), rdn(CN, b"ok.example.net", 0x13)), attributes=told + attribute(REQUEST, asked))))
    out["windows-old"] = (server, pem(request(seq(rdn(CN, "ok.example.net".encode("utf-16-be"), 0x1E)), attributes=told + attribute(OLD_REQUEST, asked))))
    out["no-attributes"] = (client, pem(without_attributes()))
    out["default-written-out"] = (server, pem(request(cn(b"ok.example.net"), [seq(oid(SAN), tlv(1, b"\0"), tlv(4, seq(dns(b"ok.example.net"))))])))
    return out


def without_attributes():
    key = p256()
    info = seq(tlv(2, b"\0"), cn(b"importer"), spki_of(key))
    algorithm, signature = signer(key)(info)
    return seq(info, algorithm, tlv(3, b"\0" + signature))


def write(path, entries):
    with open(path, "w") as file:
        for name, text in entries:
            file.write(f"== {name}\n{text}")
    print(path, len(entries))


if __name__ == "__main__":
    here = os.path.dirname(os.path.abspath(__file__))
    refused, further = bad()
    write(os.path.join(here, "bad.txt"), [(name, pem(der)) for name, der in refused.items()])
    accepted = good()
    accepted.update({name: (template, pem(der)) for name, (template, der) in further.items()})
    write(os.path.join(here, "good.txt"), [(f"{name} {template}", text) for name, (template, text) in accepted.items()])
