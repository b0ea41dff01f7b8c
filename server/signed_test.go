package server

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/quotaspec/quotaspec/contract/contracttest"
	"github.com/quotaspec/quotaspec/internal/signature"
)

var (
	signedAt   = time.Date(2024, 2, 27, 12, 0, 0, 0, time.UTC)
	readerKey  = signature.Key{ID: ReaderKeyID, Secret: ReaderSecret}
	limitedKey = signature.Key{ID: LimitedKeyID, Secret: LimitedSecret}
)

const otherProjectID = "00000000000000000000000000000000"

// at makes a provider live at one moment.
func at(now time.Time) Options { return Options{Now: func() time.Time { return now }} }

// sign returns the header lines of a signed GET: those given, the date and the signature. Without names all of them are
// signed, as the vendor's SDK does it.
func sign(t *testing.T, target, body string, key signature.Key, when time.Time, names []string, headers ...string) []string {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, "http://quotas.test"+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Add(name, value)
	}
	if names == nil {
		names = slices.Collect(maps.Keys(r.Header))
	}
	lines, err := signedLines(r, key, when, names...)
	if err != nil {
		t.Fatal(err)
	}
	return lines
}

func signedLines(r *http.Request, key signature.Key, when time.Time, names ...string) (lines []string, err error) {
	if err := signature.Sign(r, key, when, names...); err != nil {
		return nil, err
	}
	for name, values := range r.Header {
		for _, value := range values {
			lines = append(lines, name+": "+value)
		}
	}
	return lines, nil
}

// The signatures were computed outside of this repository from the description of the scheme, in each shape that clients
// send.
func TestShapesOfClients(t *testing.T) {
	const (
		date      = "X-Sdk-Date: 20240227T120000Z"
		json      = "Content-Type: application/json"
		sdk       = "User-Agent: huaweicloud-usdk-go/3.0; os/Debian_GNU/Linux#12_(bookworm)#amd64 go/go1.26.8; app/1"
		terraform = "User-Agent: golangsdk/2.0.0"
		accept    = "Accept: application/json"
		temporary = "X-Security-Token: gAAAAmadeUpSecurityToken=="
		domain    = "X-Domain-Id: " + SampleDomainID
		project   = "X-Project-Id: " + SampleProjectID
	)
	address := start(t, at(signedAt))
	tests := []struct {
		name    string
		target  string
		headers []string
		names   string
		reader  string // signatures
		limited string
	}{
		{
			name:    "SDK, IAM",
			target:  iamPath + "?type=user",
			headers: []string{sdk, json, domain},
			names:   "user-agent;x-domain-id;x-sdk-date",
			reader:  "05c283c68b59a3d672ceb3dbbd01dd5f766e441a7878438f6795e0cb3a999a4c",
			limited: "3b4ad8b11f3cfb016f83876375460d46cb1c3de2cf043b6169c2c6b534d9a50e",
		},
		{
			name:    "SDK, IMS",
			target:  imsPath,
			headers: []string{sdk, json, project},
			names:   "user-agent;x-project-id;x-sdk-date",
			reader:  "a9a8822a8538da281a3b6dcfb93f66c8031bd2ce9fcc3e5563bd836edeaf27a8",
			limited: "34cf0d24f0a82d30aa38a742e54af9b4548f61d3135d00ffcf5f0f39294d28aa",
		},
		{
			name:    "SDK with a security token, IAM",
			target:  iamPath,
			headers: []string{sdk, json, domain, temporary},
			names:   "user-agent;x-domain-id;x-sdk-date;x-security-token",
			reader:  "1b924a7a2af7612caf3c44961be2e4255db36080cae2bb1699940d91f2b28549",
			limited: "7260579edca7c950dc99f67a5ede7b242ebbef480028f6a898deb2f8a8886699",
		},
		{
			name:    "SDK with a security token, IMS",
			target:  imsPath,
			headers: []string{sdk, json, project, temporary},
			names:   "user-agent;x-project-id;x-sdk-date;x-security-token",
			reader:  "b511cef248806ddd926fd4706bc7f5eee993deac3efd269ec24a5c5dc17cfa3a",
			limited: "298cd5f49c19808647456dce7556b854974be29ff5f3235d1dcb1b9991e0d582",
		},
		{
			name:    "Terraform, IAM",
			target:  iamPath,
			headers: []string{terraform, accept, domain, project},
			names:   "accept;user-agent;x-sdk-date",
			reader:  "3f0ebcf2198ad6e8c1516c4188b22af6543afb25773e386d7793455022effaa2",
			limited: "21b43da8b4c71c076539c501651fc57afed744b4c45e9f4d454d2a4c86bee9ef",
		},
		{
			name:    "Terraform, IMS",
			target:  imsPath,
			headers: []string{terraform, accept, domain, project},
			names:   "accept;user-agent;x-sdk-date",
			reader:  "c81015f45cd23fb6f998cb805371a273696f5d0f632314fcc293018845d2b2b9",
			limited: "68fe18c27858155c01f8ec98a7385a00c4d89a61fe82ed6f985ba0e0a520eee1",
		},
		{
			name:    "guide, IAM",
			target:  iamPath + "?type=mapping",
			names:   "host;x-sdk-date",
			reader:  "aa9ab93066e0014325f7393ac6d2c46593181cecadb7e7839839aaba3c937be0",
			limited: "e63858f728eadd06956466de0e62f1d2984368f2e7f95e74198a2b6af7943499",
		},
		{
			name:    "guide, IMS",
			target:  imsPath,
			names:   "host;x-sdk-date",
			reader:  "e1d1593d514a26e4176f4017ff77116cb7f666084741dfafe8c258ececddd254",
			limited: "82c516248461e86af3c65dc3652435b99de91725e7b599e5ccb84a02aab9d12d",
		},
		{
			name:    "guide with a media type, IAM",
			target:  iamPath,
			headers: []string{json},
			names:   "content-type;host;x-sdk-date",
			reader:  "fa9f549717256e0f5f40fd3f03ca5905f73e0b044348a73fe4c2c656829b4ec4",
			limited: "e2744be993613ec120745d08beae4550a1c6d5dd3fd1050bffed1470b14bf553",
		},
		{
			name:    "guide with a media type, IMS",
			target:  imsPath,
			headers: []string{json},
			names:   "content-type;host;x-sdk-date",
			reader:  "58090db7f5016339dd808a2e41d1cc19d262b1c93ffec58f7b3ce02754e3b053",
			limited: "0b9317766e3e317fb52f70e3bb89f65408f32b2616cc4df17a6d7325d33e33dd",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			want := resources(imageQuota)
			if path, query, _ := strings.Cut(test.target, "?"); path == iamPath {
				want = map[string]string{"": resources(seed003...), "type=user": resources(seed003[0]), "type=mapping": resources(seed003[9])}[query]
			}
			headers := func(key, signature string) []string {
				return append([]string{
					date, "Authorization: SDK-HMAC-SHA256 Access=" + key + ", SignedHeaders=" + test.names + ", Signature=" + signature,
				}, test.headers...)
			}
			wantAnswer(t, ask(t, address, "GET "+test.target, headers(ReaderKeyID, test.reader)...), 200, want)

			status := http.StatusOK
			if test.target == imsPath {
				status, want = http.StatusForbidden, noRole
			}
			wantAnswer(t, ask(t, address, "GET "+test.target, headers(LimitedKeyID, test.limited)...), status, want)

			wantAnswer(t, ask(t, address, "GET "+test.target, headers(LimitedKeyID, test.reader)...), 401, wrongSignature)
		})
	}
}

func TestSignatureRefused(t *testing.T) {
	domain, host := "X-Domain-Id: "+SampleDomainID, []string{"host"}
	good := func(t *testing.T, target string) []string {
		return sign(t, target, "", readerKey, signedAt, nil, domain)
	}
	without := func(lines []string, name string) []string {
		kept := []string{}
		for _, line := range lines {
			if !strings.HasPrefix(line, name) {
				kept = append(kept, line)
			}
		}
		return kept
	}
	replace := func(lines []string, from, to string) []string {
		changed := strings.Split(strings.Replace(strings.Join(lines, "\r\n"), from, to, 1), "\r\n")
		if strings.Join(changed, "") == strings.Join(lines, "") {
			t.Fatalf("no %s in %q", from, lines)
		}
		return changed
	}
	tests := []struct {
		name  string
		lines func(t *testing.T, target string) []string
		sent  string // after the target
		want  string // empty: 200
	}{
		{name: "as it was signed", lines: good},
		{
			name: "another secret",
			lines: func(t *testing.T, target string) []string {
				return sign(t, target, "", signature.Key{ID: ReaderKeyID, Secret: LimitedSecret}, signedAt, nil)
			},
			want: wrongSignature,
		},
		{
			name: "another key",
			lines: func(t *testing.T, target string) []string {
				return replace(good(t, target), ReaderKeyID, LimitedKeyID)
			},
			want: wrongSignature,
		},
		{
			name: "a key that nobody holds",
			lines: func(t *testing.T, target string) []string {
				return sign(t, target, "", signature.Key{ID: "QSNOBODY000000000001", Secret: ReaderSecret}, signedAt, nil)
			},
			want: unknownKey,
		},
		{
			name: "a key of other case",
			lines: func(t *testing.T, target string) []string {
				return sign(t, target, "", signature.Key{ID: strings.ToLower(ReaderKeyID), Secret: ReaderSecret}, signedAt, nil)
			},
			want: unknownKey,
		},
		{
			name: "a token for a key",
			lines: func(t *testing.T, target string) []string {
				return sign(t, target, "", signature.Key{ID: ReaderToken, Secret: ReaderSecret}, signedAt, nil)
			},
			want: unknownKey,
		},
		{
			name: "a key that nobody holds, long ago",
			lines: func(t *testing.T, target string) []string {
				return sign(t, target, "", signature.Key{ID: "QSNOBODY000000000001", Secret: ReaderSecret}, signedAt.AddDate(-1, 0, 0), nil)
			},
			want: unknownKey,
		},
		{
			name: "15:00 ago",
			lines: func(t *testing.T, target string) []string {
				return sign(t, target, "", readerKey, signedAt.Add(-15*time.Minute), nil)
			},
		},
		{
			name: "15:01 ago",
			lines: func(t *testing.T, target string) []string {
				return sign(t, target, "", readerKey, signedAt.Add(-15*time.Minute-time.Second), nil)
			},
			want: expiredSignature,
		},
		{
			name: "15:00 ahead",
			lines: func(t *testing.T, target string) []string {
				return sign(t, target, "", readerKey, signedAt.Add(15*time.Minute), nil)
			},
		},
		{
			name: "15:01 ahead",
			lines: func(t *testing.T, target string) []string {
				return sign(t, target, "", readerKey, signedAt.Add(15*time.Minute+time.Second), nil)
			},
			want: expiredSignature,
		},
		{
			name: "another date",
			lines: func(t *testing.T, target string) []string {
				return replace(good(t, target), "T120000Z", "T120001Z")
			},
			want: wrongSignature,
		},
		{
			name:  "no date",
			lines: func(t *testing.T, target string) []string { return without(good(t, target), "X-Sdk-Date") },
			want:  badToken,
		},
		{
			name: "two dates",
			lines: func(t *testing.T, target string) []string {
				return append(good(t, target), "X-Sdk-Date: 20240227T120000Z")
			},
			want: badToken,
		},
		{
			name: "the date not signed",
			lines: func(t *testing.T, target string) []string {
				return replace(good(t, target), ";x-sdk-date", "")
			},
			want: badToken,
		},
		{name: "a query added", lines: good, sent: "?limit=1", want: wrongSignature},
		{name: "a query that cannot be read", lines: good, sent: "?type=%zz", want: wrongSignature},
		{
			name: "a signed header changed",
			lines: func(t *testing.T, target string) []string {
				return replace(good(t, target), domain, "X-Domain-Id: "+StrangerDomainID)
			},
			want: wrongSignature,
		},
		{
			name:  "a signed header gone",
			lines: func(t *testing.T, target string) []string { return without(good(t, target), "X-Domain-Id") },
			want:  wrongSignature,
		},
		{
			name: "a header more that was not signed",
			lines: func(t *testing.T, target string) []string {
				return append(good(t, target), "X-Other: 1")
			},
		},
		{
			name:  "the host signed",
			lines: func(t *testing.T, target string) []string { return sign(t, target, "", readerKey, signedAt, host) },
		},
		{
			name: "a body that was not sent",
			lines: func(t *testing.T, target string) []string {
				return sign(t, target, "{}", readerKey, signedAt, host)
			},
			want: wrongSignature,
		},
		{
			name: "a body that does not count",
			lines: func(t *testing.T, target string) []string {
				return sign(t, target, "{}", readerKey, signedAt, nil, "X-Sdk-Content-Sha256: UNSIGNED-PAYLOAD")
			},
		},
		{
			name: "SM3",
			lines: func(t *testing.T, target string) []string {
				return replace(good(t, target), "SDK-HMAC-SHA256", "SDK-HMAC-SM3")
			},
			want: badToken,
		},
		{
			name: "a derived key",
			lines: func(t *testing.T, target string) []string {
				return replace(good(t, target), "Access="+ReaderKeyID, "Credential="+ReaderKeyID+"/20240227///sdk_request")
			},
			want: badToken,
		},
	}
	address := start(t, at(signedAt))
	for _, test := range tests {
		for _, target := range []string{iamPath, imsPath} {
			t.Run(test.name+" "+target, func(t *testing.T) {
				address := start(t, at(signedAt)) // whose keys nobody has locked
				got := ask(t, address, "GET "+target+test.sent, test.lines(t, target)...)
				if test.want != "" {
					wantAnswer(t, got, http.StatusUnauthorized, test.want)
				} else if got.status != http.StatusOK {
					t.Errorf("got %d %s", got.status, got.body)
				}
				for _, secret := range []string{ReaderKeyID, ReaderSecret, "QSNOBODY", "Signature="} {
					if strings.Contains(got.body, secret) {
						t.Errorf("the answer tells %s", secret)
					}
				}
			})
		}
	}
	t.Run("the query changed", func(t *testing.T) {
		got := ask(t, address, "GET "+iamPath+"?type=group", good(t, iamPath+"?type=user")...)
		wantAnswer(t, got, http.StatusUnauthorized, wrongSignature)
	})
	t.Run("the path changed", func(t *testing.T) {
		got := ask(t, address, "GET /v3.0/OS-QUOTA/domains/"+StrangerDomainID, good(t, iamPath)...)
		wantAnswer(t, got, http.StatusUnauthorized, wrongSignature)
		got = ask(t, address, "GET "+imsPath, good(t, iamPath)...)
		wantAnswer(t, got, http.StatusUnauthorized, wrongSignature)
	})
	t.Run("another host", func(t *testing.T) {
		lines := sign(t, imsPath, "", readerKey, signedAt, host)
		got := ask(t, address, "GET http://other.test"+imsPath, lines...)
		wantAnswer(t, got, http.StatusUnauthorized, wrongSignature)
	})
}

// A valid signature is the first step only, and refused are the same requests as with a token, in the same order.
func TestRulingsWhenSigned(t *testing.T) {
	other := "/v3.0/OS-QUOTA/domains/"
	domain, project := "X-Domain-Id: ", "X-Project-Id: "
	address := start(t, at(signedAt), contracttest.Ignore("/v2", imsPath+"/"))
	tests := []struct {
		name    string
		key     signature.Key
		target  string
		headers []string
		status  int
		want    string
	}{
		{
			name:   "an escaped id",
			key:    readerKey,
			target: strings.Replace(iamPath, "d78c", "%64%37%38%63", 1),
			status: 200,
			want:   resources(seed003...),
		},
		{
			name:   "an escaped type",
			key:    readerKey,
			target: iamPath + "?%74ype=%75ser",
			status: 200,
			want:   resources(seed003[0]),
		},
		{
			name:   "unknown query parameters",
			key:    readerKey,
			target: iamPath + "?b=2&a=%2B+%20&b=1&c",
			status: 200,
			want:   resources(seed003...),
		},
		{name: "type unknown", key: readerKey, target: iamPath + "?type=bogus", status: 400, want: badType},
		{name: "type doubled", key: readerKey, target: iamPath + "?type=user&type=user", status: 400, want: badType},
		{name: "a bad escape", key: readerKey, target: iamPath + "?type=%zz", status: 400, want: badType},
		{name: "a semicolon", key: readerKey, target: iamPath + "?type=user;x", status: 400, want: badType},
		{name: "another account", key: readerKey, target: other + StrangerDomainID, status: 403, want: notYours},
		{name: "no account", key: readerKey, target: other + "d1", status: 404, want: noDomain(": d1")},
		{name: "an escaped slash", key: readerKey, target: other + "a%2Fb", status: 404, want: noDomain("")},
		{name: "an id that is not UTF-8", key: readerKey, target: other + "%ff", status: 404, want: noDomain("")},
		{name: "a path that nobody knows", key: readerKey, target: "/v2", status: 404, want: noSuchPath},
		{name: "a slash at the end", key: readerKey, target: imsPath + "/", status: 404, want: noSuchPath},
		{name: "images, a bad escape", key: readerKey, target: imsPath + "?x=%zz", status: 400, want: badQuery},
		{name: "images, 400 before 403", key: limitedKey, target: imsPath + "?a;b", status: 400, want: badQuery},

		{
			name:    "the own account",
			key:     readerKey,
			target:  iamPath,
			headers: []string{domain + SampleDomainID},
			status:  200,
			want:    resources(seed003...),
		},
		{
			name:    "no account named",
			key:     readerKey,
			target:  iamPath,
			headers: []string{domain},
			status:  200,
			want:    resources(seed003...),
		},
		{
			name:    "the account of somebody else",
			key:     readerKey,
			target:  iamPath,
			headers: []string{domain + StrangerDomainID},
			status:  403,
			want:    notYours,
		},
		{
			name:    "the account of nobody",
			key:     readerKey,
			target:  iamPath,
			headers: []string{domain + "d1"},
			status:  403,
			want:    notYours,
		},
		{
			name:    "the own account in upper case",
			key:     readerKey,
			target:  iamPath,
			headers: []string{domain + strings.ToUpper(SampleDomainID)},
			status:  403,
			want:    notYours,
		},
		{
			name:    "400 before the account",
			key:     readerKey,
			target:  iamPath + "?type=",
			headers: []string{domain + StrangerDomainID},
			status:  400,
			want:    badType,
		},
		{
			name:    "two accounts",
			key:     readerKey,
			target:  iamPath,
			headers: []string{domain + SampleDomainID, domain + SampleDomainID},
			status:  400,
			want:    strings.Replace(badType, "type", "X-Domain-Id", 1),
		},
		{
			name:    "a project means nothing to IAM",
			key:     readerKey,
			target:  iamPath,
			headers: []string{project + otherProjectID},
			status:  200,
			want:    resources(seed003...),
		},

		{name: "the only project", key: readerKey, target: imsPath, status: 200, want: resources(imageQuota)},
		{
			name:    "the own project",
			key:     readerKey,
			target:  imsPath,
			headers: []string{project + SampleProjectID},
			status:  200,
			want:    resources(imageQuota),
		},
		{
			name:    "no project named",
			key:     readerKey,
			target:  imsPath,
			headers: []string{project},
			status:  200,
			want:    resources(imageQuota),
		},
		{
			name:    "the project of somebody else",
			key:     readerKey,
			target:  imsPath,
			headers: []string{project + StrangerProjectID},
			status:  403,
			want:    noRole,
		},
		{
			name:    "the project of nobody",
			key:     readerKey,
			target:  imsPath,
			headers: []string{project + otherProjectID},
			status:  403,
			want:    noRole,
		},
		{
			name:    "two projects",
			key:     readerKey,
			target:  imsPath,
			headers: []string{project + SampleProjectID, project + StrangerProjectID},
			status:  400,
			want:    badQuery,
		},
		{
			name:    "the own project without permission",
			key:     limitedKey,
			target:  imsPath,
			headers: []string{project + SampleProjectID},
			status:  403,
			want:    noRole,
		},
		{
			name:    "an account means nothing to IMS",
			key:     readerKey,
			target:  imsPath,
			headers: []string{domain + StrangerDomainID},
			status:  200,
			want:    resources(imageQuota),
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			lines := sign(t, test.target, "", test.key, signedAt, nil, test.headers...)
			wantAnswer(t, ask(t, address, "GET "+test.target, lines...), test.status, test.want)
		})
		t.Run(test.name+", not signed", func(t *testing.T) {
			lines := append(sign(t, test.target, "", test.key, signedAt, []string{"host"}), test.headers...)
			wantAnswer(t, ask(t, address, "GET "+test.target, lines...), test.status, test.want)
		})
	}
	t.Run("beside a token alone they mean nothing", func(t *testing.T) {
		wantAnswer(t, ask(t, address, "GET "+iamPath, reader, domain+StrangerDomainID), 200, resources(seed003...))
		wantAnswer(t, ask(t, address, "GET "+imsPath, reader, project+StrangerProjectID), 200, resources(imageQuota))
	})
	t.Run("401 before 400", func(t *testing.T) {
		lines := sign(t, iamPath+"?type=bogus", "", readerKey, signedAt.AddDate(1, 0, 0), nil)
		wantAnswer(t, ask(t, address, "GET "+iamPath+"?type=bogus", lines...), 401, expiredSignature)
	})
	t.Run("absolute form", func(t *testing.T) {
		lines := sign(t, imsPath, "", readerKey, signedAt, []string{"host"})
		wantAnswer(t, ask(t, address, "GET http://quotas.test"+imsPath, lines...), 200, resources(imageQuota))
	})
}

func TestTokenAndSignature(t *testing.T) {
	address := start(t, at(signedAt.AddDate(0, 0, 7))) // when the expired token has expired
	when := signedAt.AddDate(0, 0, 7)
	tests := []struct {
		name  string
		token string
		key   signature.Key
		want  string // empty: 200
	}{
		{name: "of one", token: ReaderToken, key: readerKey},
		{name: "of two", token: LimitedToken, key: readerKey, want: badToken},
		{name: "of two, the other way round", token: ReaderToken, key: limitedKey, want: badToken},
		{name: "of two accounts", token: StrangerToken, key: readerKey, want: badToken},
		{name: "an unknown token", token: "no-such-token", key: readerKey, want: badToken},
		{name: "an expired token", token: ExpiredToken, key: readerKey, want: expiredToken},
		{name: "a token with a space", token: "reader token", key: readerKey, want: badToken},
		{
			name:  "a wrong signature",
			token: ReaderToken,
			key:   signature.Key{ID: ReaderKeyID, Secret: "x"},
			want:  wrongSignature,
		},
		{name: "an unknown key", token: ReaderToken, key: signature.Key{ID: "x", Secret: ReaderSecret}, want: unknownKey},
		{
			name:  "neither holds",
			token: "no-such-token",
			key:   signature.Key{ID: ReaderKeyID, Secret: "x"},
			want:  wrongSignature,
		},
	}
	for _, test := range tests {
		for _, names := range [][]string{nil, {"host"}} {
			t.Run(test.name, func(t *testing.T) {
				got := ask(t, address, "GET "+imsPath, sign(t, imsPath, "", test.key, when, names, "X-Auth-Token: "+test.token)...)
				status, want := http.StatusUnauthorized, test.want
				if want == "" {
					status, want = http.StatusOK, resources(imageQuota)
				}
				wantAnswer(t, got, status, want)
			})
		}
	}
	t.Run("the headers of a signed request count", func(t *testing.T) {
		lines := sign(t, imsPath, "", readerKey, when, nil, reader, "X-Project-Id: "+StrangerProjectID)
		wantAnswer(t, ask(t, address, "GET "+imsPath, lines...), http.StatusForbidden, noRole)
	})
	t.Run("an empty token is none", func(t *testing.T) {
		lines := append(sign(t, imsPath, "", readerKey, when, nil), "X-Auth-Token:")
		wantAnswer(t, ask(t, address, "GET "+imsPath, lines...), http.StatusOK, resources(imageQuota))
	})
}

func TestSignedBody(t *testing.T) {
	address := start(t, at(signedAt))
	post := func(lines []string, framing, body string) answered {
		return askRaw(t, address, "GET "+imsPath+" HTTP/1.1\r\nHost: quotas.test\r\nConnection: close\r\n"+
			strings.Join(lines, "\r\n")+"\r\n"+framing+"\r\n\r\n"+body)
	}
	long := strings.Repeat("b", 1<<20)
	for _, test := range []struct {
		name, signed, framing, sent string
		want                        string // empty: 200
	}{
		{name: "the same", signed: "{}", framing: "Content-Length: 2", sent: "{}"},
		{name: "in chunks", signed: "{}", framing: "Transfer-Encoding: chunked", sent: "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"},
		{name: "long", signed: long, framing: "Content-Length: 1048576", sent: long},
		{name: "another", signed: "{}", framing: "Content-Length: 2", sent: "[]", want: wrongSignature},
		{name: "none was signed", framing: "Content-Length: 2", sent: "{}", want: wrongSignature},
		{name: "none was sent", signed: "{}", framing: "Content-Length: 0", want: wrongSignature},
		{
			name:    "long, but for the last byte",
			signed:  long,
			framing: "Content-Length: 1048576",
			sent:    long[1:] + "c",
			want:    wrongSignature,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := post(sign(t, imsPath, test.signed, readerKey, signedAt, nil), test.framing, test.sent)
			status, want := http.StatusUnauthorized, test.want
			if want == "" {
				status, want = http.StatusOK, resources(imageQuota)
			}
			wantAnswer(t, got, status, want)
		})
	}
	t.Run("a hash that was added", func(t *testing.T) {
		hash := sha256.Sum256([]byte("{}"))
		lines := append(sign(t, imsPath, "{}", readerKey, signedAt, nil), "X-Sdk-Content-Sha256: "+hex.EncodeToString(hash[:]))
		wantAnswer(t, post(lines, "Content-Length: 2", "{}"), http.StatusOK, resources(imageQuota))
		wantAnswer(t, post(lines, "Content-Length: 2", "[]"), http.StatusUnauthorized, wrongSignature)
	})
	t.Run("a body that does not count", func(t *testing.T) {
		lines := sign(t, imsPath, "{}", readerKey, signedAt, nil, "X-Sdk-Content-Sha256: UNSIGNED-PAYLOAD")
		wantAnswer(t, post(lines, "Content-Length: 2", "[]"), http.StatusOK, resources(imageQuota))
	})
}

// An account with more than one project: a key speaks for the one that its principal has.
func TestOtherProjectOfTheAccount(t *testing.T) {
	data := Sample()
	second := data.Accounts[0].Projects[0]
	second.ID = otherProjectID
	data.Accounts[0].Projects = append(data.Accounts[0].Projects, second)
	o := at(signedAt)
	o.Data = &data
	address := start(t, o)
	for id, status := range map[string]int{SampleProjectID: 200, otherProjectID: 403} {
		got := ask(t, address, "GET "+imsPath, sign(t, imsPath, "", readerKey, signedAt, nil, "X-Project-Id: "+id)...)
		if got.status != status {
			t.Errorf("%s: got %d, want %d", id, got.status, status)
		}
	}
}
