#!/usr/bin/env bash
# libxml2 up to 2.12 refuses decimals of more than 24 digits, whatever the schema allows.
#
# Tool:   libxml2 by way of lxml 5.3.0 (it carries 2.12.9) and lxml 5.4.0 (2.13.8), both from PyPI.
# Asked:  is a number of 26 digits valid under totalDigits 26, fractionDigits 11? The quantity of goods in the Russian
#         transfer document is such a type, so every file that uses it in full meets this.
# Guess:  yes everywhere; XML Schema asks for 18 digits at least, and a type that names 26 is either held or the schema
#         is refused when it is compiled.
# Seen:   the schema compiles in silence; 2.12.9 takes 24 digits and calls 25 "not a valid value of the local atomic
#         type", also for xs:integer; 2.13.8 takes them all. Debian 12 has 2.9.14, so two machines disagree about one file,
#         and neither says that a limit of the program was met.
# For us: our own validator counts digits as text and has no such limit; compare verdicts only with 2.13 and later.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cat > "$work/try.py" <<'PY'
from lxml import etree

XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'


def valid(base, facets, value):
    schema = f'<xs:schema {XS}><xs:element name="a"><xs:simpleType><xs:restriction base="xs:{base}">{facets}' \
             f'</xs:restriction></xs:simpleType></xs:element></xs:schema>'
    judge = etree.XMLSchema(etree.fromstring(schema))
    return judge.validate(etree.fromstring(f"<a>{value}</a>"))


quantity = '<xs:totalDigits value="26"/><xs:fractionDigits value="11"/>'
print("libxml2", ".".join(map(str, etree.LIBXML_VERSION)),
      "24:", valid("decimal", quantity, "1" * 13 + "." + "1" * 11),
      "25:", valid("decimal", quantity, "1" * 14 + "." + "1" * 11),
      "26:", valid("decimal", quantity, "1" * 15 + "." + "1" * 11),
      "integer of 25:", valid("integer", "", "1" * 25))
PY
for version in 5.3.0 5.4.0; do
    python3 -m venv "$work/$version"
    "$work/$version/bin/pip" install --quiet "lxml==$version"
    "$work/$version/bin/python" "$work/try.py"
done > "$work/seen"
cat "$work/seen"
diff "$work/seen" - <<'SEEN'
libxml2 2.12.9 24: True 25: False 26: False integer of 25: False
libxml2 2.13.8 24: True 25: True 26: True integer of 25: True
SEEN
