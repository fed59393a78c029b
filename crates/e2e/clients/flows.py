"""Every flow of the provider by Authlib. The test of the server is the browser: it gets addresses by lines of JSON, and answers
where the browser ended."""

import json
import sys
import time

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken, UserInfo
from joserfc import jwt
from joserfc.jwk import KeySet

GIVEN = json.loads(sys.argv[1])
META = requests.get(GIVEN["issuer"] + "/.well-known/openid-configuration", timeout=60).json()
ALL = "openid profile email offline_access Diadoc.PublicAPI"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"


def ask(question):
    print(json.dumps(question), flush=True)
    return json.loads(sys.stdin.readline())


def passed(flow):
    print(json.dumps({"passed": flow}), flush=True)


def refused(error, call):
    try:
        call()
    except OAuthError as caught:
        assert caught.error == error, caught
        assert caught.description, "a refusal says what to do"
    else:
        raise AssertionError(f"{error} was expected")


def checked(token, client_id, nonce=None):
    """The claims of the id token, held to the standard."""
    keys = KeySet.import_key_set(requests.get(META["jwks_uri"], timeout=60).json())
    read = jwt.decode(token["id_token"], keys, algorithms=["RS256"])
    options = {
        "iss": {"essential": True, "value": META["issuer"]},
        "aud": {"essential": True, "value": client_id},
    }
    params = {"nonce": nonce, "client_id": client_id, "access_token": token["access_token"]}
    claims = CodeIDToken(read.claims, read.header, options, {key: value for key, value in params.items() if value})
    claims.validate(now=int(time.time()), leeway=30)
    assert claims["sub"] == GIVEN["user"], claims
    return claims


def session(way):
    client = GIVEN["client"]
    if way == "none":
        client = {"client_id": GIVEN["public"], "client_secret": None}
    return OAuth2Session(
        client["client_id"],
        client["client_secret"],
        token_endpoint_auth_method=way,
        revocation_endpoint_auth_method=way,
        scope=ALL,
        redirect_uri=GIVEN["redirect"],
        code_challenge_method="S256",
    )


def sign_in(way):
    client = session(way)
    verifier, nonce = generate_token(48), generate_token(20)
    url, state = client.create_authorization_url(META["authorization_endpoint"], code_verifier=verifier, nonce=nonce)
    ended = ask({"browse": url})["ended"]

    def fetch():
        return client.fetch_token(
            META["token_endpoint"], authorization_response=ended, code_verifier=verifier, state=state
        )

    token = fetch()
    claims = checked(token, client.client_id, nonce)
    assert claims["auth_time"] <= claims["iat"], claims
    info = UserInfo(client.get(META["userinfo_endpoint"]).json())
    assert (info.sub, info.name, info.email) == (GIVEN["user"], GIVEN["name"], GIVEN["email"]), info
    passed(f"{way}: code")

    old = token["refresh_token"]
    token = client.refresh_token(META["token_endpoint"], refresh_token=old)
    assert token["refresh_token"] != old
    checked(token, client.client_id)
    client.refresh_token(META["token_endpoint"], refresh_token=token["refresh_token"])
    refused("invalid_grant", lambda: client.refresh_token(META["token_endpoint"], refresh_token=old))
    passed(f"{way}: refresh")

    begun = requests.post(
        META["device_authorization_endpoint"],
        data={"client_id": client.client_id, "client_secret": client.client_secret, "scope": ALL},
        timeout=60,
    ).json()

    def poll():
        return client.fetch_token(META["token_endpoint"], grant_type=DEVICE, device_code=begun["device_code"])

    refused("authorization_pending", poll)
    refused("slow_down", poll)
    ask({"allow": begun["user_code"], "wait": True})
    token = poll()
    checked(token, client.client_id)
    refused("expired_token", poll)
    passed(f"{way}: device")

    assert client.revoke_token(META["revocation_endpoint"], token["refresh_token"]).status_code == 200
    answer = requests.get(META["userinfo_endpoint"], headers={"Authorization": "Bearer " + token["access_token"]}, timeout=60)
    assert answer.status_code == 401, answer.text
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"], answer.headers
    passed(f"{way}: revocation")


for method in ("client_secret_basic", "client_secret_post", "none"):
    sign_in(method)

robot = session("client_secret_basic")
robot.scope = "Diadoc.PublicAPI"
token = robot.fetch_token(META["token_endpoint"], grant_type="client_credentials")
assert "refresh_token" not in token and "id_token" not in token, token
known = robot.introspect_token(META["introspection_endpoint"], token=token["access_token"]).json()
assert known["active"] and known["scope"] == "Diadoc.PublicAPI", known
passed("client credentials and introspection")

wrong = OAuth2Session(GIVEN["client"]["client_id"], "wrong", token_endpoint_auth_method="client_secret_post")
refused("invalid_client", lambda: wrong.fetch_token(META["token_endpoint"], grant_type="client_credentials"))
refused("unsupported_grant_type", lambda: robot.fetch_token(META["token_endpoint"], grant_type="password"))
passed("refusals")
print(json.dumps({"done": True}), flush=True)
