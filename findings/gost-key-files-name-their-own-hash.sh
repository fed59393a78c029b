#!/usr/bin/env bash
# Which hash stretches the password of a GOST key file depends on the cipher, and differs between OpenSSL and GnuTLS.
#
# Tool:   OpenSSL 3.0.22 with the GOST engine 3.0.1 and GnuTLS 3.7.9 (certtool), Debian 12 packages.
# Asked:  a GOST key goes into PKCS#8 under a password (PBES2). Which HMAC does PBKDF2 use?
# Guess:  the GOST hash of 2012 with 512 bits for every Russian cipher, as RFC 9337 says, in both tools; and what one of
#         them writes the other one reads.
# Seen:   OpenSSL: gost89 takes HMAC-Streebog-512, but the newer magma-ctr-acpkm and kuznyechik-ctr-acpkm take HMAC-SHA-256
#         unless -v2prf names another; the CBC modes fail ("cipher has no object identifier").
#         GnuTLS: gost28147-tc26z takes HMAC-Streebog-512, gost28147-cpa to -cpd the withdrawn HMAC GOST R 34.11-94, without
#         a word. OpenSSL reads all of these; GnuTLS reads OpenSSL's gost89 and calls magma "unsupported".
# For us: a reader of key files must take the HMAC from the file, never from the cipher; files with 34.11-94 are refused
#         by its name.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cd "$work"
apt-get download -qq gnutls-bin=3.7.9-2+deb12u7 libgnutls30=3.7.9-2+deb12u7 openssl=3.0.22-1~deb12u2 \
    libssl3=3.0.22-1~deb12u2 libengine-gost-openssl=3.0.1-2+b1 >/dev/null 2>&1
for package in *.deb; do dpkg -x "$package" root; done
lib=$(dirname "$(find "$work/root" -name 'libssl.so.3')")
export LD_LIBRARY_PATH=$lib OPENSSL_ENGINES=$lib/engines-3 OPENSSL_CONF=/dev/null
openssl=$work/root/usr/bin/openssl certtool=$work/root/usr/bin/certtool

hash_of() { "$openssl" asn1parse -in "$1" | sed -n 's/.*OBJECT *://p' | grep -i hmac; }
reads() { "$@" >/dev/null 2>&1 && echo read || echo refused; }

{
    "$openssl" genpkey -engine gost -algorithm gost2012_256 -pkeyopt paramset:A -out o.pem 2>/dev/null
    for cipher in gost89 magma-ctr-acpkm kuznyechik-ctr-acpkm; do
        "$openssl" pkcs8 -engine gost -topk8 -v2 $cipher -in o.pem -passout pass:secret -out o-$cipher.pem 2>/dev/null
        echo "OpenSSL $cipher: $(hash_of o-$cipher.pem);" \
            "GnuTLS: $(reads "$certtool" --key-info --infile o-$cipher.pem --password secret)"
    done
    "$openssl" pkcs8 -engine gost -topk8 -v2 magma-ctr-acpkm -v2prf id-tc26-hmac-gost-3411-2012-512 -in o.pem \
        -passout pass:secret -out named.pem 2>/dev/null
    echo "OpenSSL magma-ctr-acpkm with -v2prf: $(hash_of named.pem)"
    { "$openssl" pkcs8 -engine gost -topk8 -v2 kuznyechik-cbc -in o.pem -passout pass:secret -out cbc.pem 2>&1 || true; } |
        sed -n 's/.*:\(cipher has no object identifier\):.*/OpenSSL kuznyechik-cbc: \1/p'
    "$certtool" --generate-privkey --key-type gost12-256 --outfile g.pem >/dev/null 2>&1
    for cipher in gost28147-tc26z gost28147-cpa gost28147-cpb gost28147-cpc gost28147-cpd; do
        "$certtool" --load-privkey g.pem --to-p8 --password secret --pkcs-cipher $cipher --outfile g-$cipher.pem >/dev/null 2>&1
        echo "GnuTLS $cipher: $(hash_of g-$cipher.pem);" \
            "OpenSSL: $(reads "$openssl" pkey -engine gost -in g-$cipher.pem -passin pass:secret -noout)"
    done
} > seen
cat seen
diff seen - <<'SEEN'
OpenSSL gost89: HMAC GOST 34.11-2012 512 bit; GnuTLS: read
OpenSSL magma-ctr-acpkm: hmacWithSHA256; GnuTLS: refused
OpenSSL kuznyechik-ctr-acpkm: hmacWithSHA256; GnuTLS: refused
OpenSSL magma-ctr-acpkm with -v2prf: HMAC GOST 34.11-2012 512 bit
OpenSSL kuznyechik-cbc: cipher has no object identifier
GnuTLS gost28147-tc26z: HMAC GOST 34.11-2012 512 bit; OpenSSL: read
GnuTLS gost28147-cpa: HMAC GOST 34.11-94; OpenSSL: read
GnuTLS gost28147-cpb: HMAC GOST 34.11-94; OpenSSL: read
GnuTLS gost28147-cpc: HMAC GOST 34.11-94; OpenSSL: read
GnuTLS gost28147-cpd: HMAC GOST 34.11-94; OpenSSL: read
SEEN
