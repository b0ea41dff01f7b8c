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
			"SDK, IAM", iamPath + "?type=user", []string{sdk, json, domain}, "user-agent;x-domain-id;x-sdk-date",
			"05c283c68b59a3d672ceb3dbbd01dd5f766e441a7878438f6795e0cb3a999a4c", "3b4ad8b11f3cfb016f83876375460d46cb1c3de2cf043b6169c2c6b534d9a50e",
		},
		{
			"SDK, IMS", imsPath, []string{sdk, json, project}, "user-agent;x-project-id;x-sdk-date",
			"a9a8822a8538da281a3b6dcfb93f66c8031bd2ce9fcc3e5563bd836edeaf27a8", "34cf0d24f0a82d30aa38a742e54af9b4548f61d3135d00ffcf5f0f39294d28aa",
		},
		{
			"SDK with a security token, IAM", iamPath, []string{sdk, json, domain, temporary}, "user-agent;x-domain-id;x-sdk-date;x-security-token",
			"1b924a7a2af7612caf3c44961be2e4255db36080cae2bb1699940d91f2b28549", "7260579edca7c950dc99f67a5ede7b242ebbef480028f6a898deb2f8a8886699",
		},
		{
			"SDK with a security token, IMS", imsPath, []string{sdk, json, project, temporary}, "user-agent;x-project-id;x-sdk-date;x-security-token",
			"b511cef248806ddd926fd4706bc7f5eee993deac3efd269ec24a5c5dc17cfa3a", "298cd5f49c19808647456dce7556b854974be29ff5f3235d1dcb1b9991e0d582",
		},
		{
			"Terraform, IAM", iamPath, []string{terraform, accept, domain, project}, "accept;user-agent;x-sdk-date",
			"3f0ebcf2198ad6e8c1516c4188b22af6543afb25773e386d7793455022effaa2", "21b43da8b4c71c076539c501651fc57afed744b4c45e9f4d454d2a4c86bee9ef",
		},
		{
			"Terraform, IMS", imsPath, []string{terraform, accept, domain, project}, "accept;user-agent;x-sdk-date",
			"c81015f45cd23fb6f998cb805371a273696f5d0f632314fcc293018845d2b2b9", "68fe18c27858155c01f8ec98a7385a00c4d89a61fe82ed6f985ba0e0a520eee1",
		},
		{
			"guide, IAM", iamPath + "?type=mapping", nil, "host;x-sdk-date",
			"aa9ab93066e0014325f7393ac6d2c46593181cecadb7e7839839aaba3c937be0", "e63858f728eadd06956466de0e62f1d2984368f2e7f95e74198a2b6af7943499",
		},
		{
			"guide, IMS", imsPath, nil, "host;x-sdk-date",
			"e1d1593d514a26e4176f4017ff77116cb7f666084741dfafe8c258ececddd254", "82c516248461e86af3c65dc3652435b99de91725e7b599e5ccb84a02aab9d12d",
		},
		{
			"guide with a media type, IAM", iamPath, []string{json}, "content-type;host;x-sdk-date",
			"fa9f549717256e0f5f40fd3f03ca5905f73e0b044348a73fe4c2c656829b4ec4", "e2744be993613ec120745d08beae4550a1c6d5dd3fd1050bffed1470b14bf553",
		},
		{
			"guide with a media type, IMS", imsPath, []string{json}, "content-type;host;x-sdk-date",
			"58090db7f5016339dd808a2e41d1cc19d262b1c93ffec58f7b3ce02754e3b053", "0b9317766e3e317fb52f70e3bb89f65408f32b2616cc4df17a6d7325d33e33dd",
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
		{"as it was signed", good, "", ""},
		{"another secret", func(t *testing.T, target string) []string {
			return sign(t, target, "", signature.Key{ID: ReaderKeyID, Secret: LimitedSecret}, signedAt, nil)
		}, "", wrongSignature},
		{"another key", func(t *testing.T, target string) []string {
			return replace(good(t, target), ReaderKeyID, LimitedKeyID)
		}, "", wrongSignature},
		{"a key that nobody holds", func(t *testing.T, target string) []string {
			return sign(t, target, "", signature.Key{ID: "QSNOBODY000000000001", Secret: ReaderSecret}, signedAt, nil)
		}, "", unknownKey},
		{"a key of other case", func(t *testing.T, target string) []string {
			return sign(t, target, "", signature.Key{ID: strings.ToLower(ReaderKeyID), Secret: ReaderSecret}, signedAt, nil)
		}, "", unknownKey},
		{"a token for a key", func(t *testing.T, target string) []string {
			return sign(t, target, "", signature.Key{ID: ReaderToken, Secret: ReaderSecret}, signedAt, nil)
		}, "", unknownKey},
		{"a key that nobody holds, long ago", func(t *testing.T, target string) []string {
			return sign(t, target, "", signature.Key{ID: "QSNOBODY000000000001", Secret: ReaderSecret}, signedAt.AddDate(-1, 0, 0), nil)
		}, "", unknownKey},
		{"15:00 ago", func(t *testing.T, target string) []string {
			return sign(t, target, "", readerKey, signedAt.Add(-15*time.Minute), nil)
		}, "", ""},
		{"15:01 ago", func(t *testing.T, target string) []string {
			return sign(t, target, "", readerKey, signedAt.Add(-15*time.Minute-time.Second), nil)
		}, "", expiredSignature},
		{"15:00 ahead", func(t *testing.T, target string) []string {
			return sign(t, target, "", readerKey, signedAt.Add(15*time.Minute), nil)
		}, "", ""},
		{"15:01 ahead", func(t *testing.T, target string) []string {
			return sign(t, target, "", readerKey, signedAt.Add(15*time.Minute+time.Second), nil)
		}, "", expiredSignature},
		{"another date", func(t *testing.T, target string) []string {
			return replace(good(t, target), "T120000Z", "T120001Z")
		}, "", wrongSignature},
		{"no date", func(t *testing.T, target string) []string { return without(good(t, target), "X-Sdk-Date") }, "", badToken},
		{"two dates", func(t *testing.T, target string) []string {
			return append(good(t, target), "X-Sdk-Date: 20240227T120000Z")
		}, "", badToken},
		{"the date not signed", func(t *testing.T, target string) []string {
			return replace(good(t, target), ";x-sdk-date", "")
		}, "", badToken},
		{"a query added", good, "?limit=1", wrongSignature},
		{"a query that cannot be read", good, "?type=%zz", wrongSignature},
		{"a signed header changed", func(t *testing.T, target string) []string {
			return replace(good(t, target), domain, "X-Domain-Id: "+StrangerDomainID)
		}, "", wrongSignature},
		{"a signed header gone", func(t *testing.T, target string) []string { return without(good(t, target), "X-Domain-Id") }, "", wrongSignature},
		{"a header more that was not signed", func(t *testing.T, target string) []string {
			return append(good(t, target), "X-Other: 1")
		}, "", ""},
		{"the host signed", func(t *testing.T, target string) []string { return sign(t, target, "", readerKey, signedAt, host) }, "", ""},
		{"a body that was not sent", func(t *testing.T, target string) []string {
			return sign(t, target, "{}", readerKey, signedAt, host)
		}, "", wrongSignature},
		{"a body that does not count", func(t *testing.T, target string) []string {
			return sign(t, target, "{}", readerKey, signedAt, nil, "X-Sdk-Content-Sha256: UNSIGNED-PAYLOAD")
		}, "", ""},
		{"SM3", func(t *testing.T, target string) []string {
			return replace(good(t, target), "SDK-HMAC-SHA256", "SDK-HMAC-SM3")
		}, "", badToken},
		{"a derived key", func(t *testing.T, target string) []string {
			return replace(good(t, target), "Access="+ReaderKeyID, "Credential="+ReaderKeyID+"/20240227///sdk_request")
		}, "", badToken},
	}
	s := newServer(t, at(signedAt))
	address := listen(t, s)
	for _, test := range tests {
		for target, op := range map[string]*operation{iamPath: s.operation(showDomainQuota), imsPath: s.operation(showImageQuota)} {
			t.Run(test.name+" "+target, func(t *testing.T) {
				address := start(t, at(signedAt)) // whose keys nobody has locked
				got := ask(t, address, "GET "+target+test.sent, test.lines(t, target)...)
				wantDocumented(t, op, got)
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
	address := start(t, at(signedAt))
	tests := []struct {
		name    string
		key     signature.Key
		target  string
		headers []string
		status  int
		want    string
	}{
		{"an escaped id", readerKey, strings.Replace(iamPath, "d78c", "%64%37%38%63", 1), nil, 200, resources(seed003...)},
		{"an escaped type", readerKey, iamPath + "?%74ype=%75ser", nil, 200, resources(seed003[0])},
		{"unknown query parameters", readerKey, iamPath + "?b=2&a=%2B+%20&b=1&c", nil, 200, resources(seed003...)},
		{"type unknown", readerKey, iamPath + "?type=bogus", nil, 400, badType},
		{"type doubled", readerKey, iamPath + "?type=user&type=user", nil, 400, badType},
		{"a bad escape", readerKey, iamPath + "?type=%zz", nil, 400, badType},
		{"a semicolon", readerKey, iamPath + "?type=user;x", nil, 400, badType},
		{"another account", readerKey, other + StrangerDomainID, nil, 403, notYours},
		{"no account", readerKey, other + "d1", nil, 404, noDomain(": d1")},
		{"an escaped slash", readerKey, other + "a%2Fb", nil, 404, noDomain("")},
		{"an id that is not UTF-8", readerKey, other + "%ff", nil, 404, noDomain("")},
		{"a path that nobody knows", readerKey, "/v2", nil, 404, noSuchPath},
		{"a slash at the end", readerKey, imsPath + "/", nil, 404, noSuchPath},
		{"images, a bad escape", readerKey, imsPath + "?x=%zz", nil, 400, badQuery},
		{"images, 400 before 403", limitedKey, imsPath + "?a;b", nil, 400, badQuery},

		{"the own account", readerKey, iamPath, []string{domain + SampleDomainID}, 200, resources(seed003...)},
		{"no account named", readerKey, iamPath, []string{domain}, 200, resources(seed003...)},
		{"the account of somebody else", readerKey, iamPath, []string{domain + StrangerDomainID}, 403, notYours},
		{"the account of nobody", readerKey, iamPath, []string{domain + "d1"}, 403, notYours},
		{"the own account in upper case", readerKey, iamPath, []string{domain + strings.ToUpper(SampleDomainID)}, 403, notYours},
		{"400 before the account", readerKey, iamPath + "?type=", []string{domain + StrangerDomainID}, 400, badType},
		{"two accounts", readerKey, iamPath, []string{domain + SampleDomainID, domain + SampleDomainID}, 400, strings.Replace(badType, "type", "X-Domain-Id", 1)},
		{"a project means nothing to IAM", readerKey, iamPath, []string{project + otherProjectID}, 200, resources(seed003...)},

		{"the only project", readerKey, imsPath, nil, 200, resources(imageQuota)},
		{"the own project", readerKey, imsPath, []string{project + SampleProjectID}, 200, resources(imageQuota)},
		{"no project named", readerKey, imsPath, []string{project}, 200, resources(imageQuota)},
		{"the project of somebody else", readerKey, imsPath, []string{project + StrangerProjectID}, 403, noRole},
		{"the project of nobody", readerKey, imsPath, []string{project + otherProjectID}, 403, noRole},
		{"two projects", readerKey, imsPath, []string{project + SampleProjectID, project + StrangerProjectID}, 400, badQuery},
		{"the own project without permission", limitedKey, imsPath, []string{project + SampleProjectID}, 403, noRole},
		{"an account means nothing to IMS", readerKey, imsPath, []string{domain + StrangerDomainID}, 200, resources(imageQuota)},
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
		{"of one", ReaderToken, readerKey, ""},
		{"of two", LimitedToken, readerKey, badToken},
		{"of two, the other way round", ReaderToken, limitedKey, badToken},
		{"of two accounts", StrangerToken, readerKey, badToken},
		{"an unknown token", "no-such-token", readerKey, badToken},
		{"an expired token", ExpiredToken, readerKey, expiredToken},
		{"a token with a space", "reader token", readerKey, badToken},
		{"a wrong signature", ReaderToken, signature.Key{ID: ReaderKeyID, Secret: "x"}, wrongSignature},
		{"an unknown key", ReaderToken, signature.Key{ID: "x", Secret: ReaderSecret}, unknownKey},
		{"neither holds", "no-such-token", signature.Key{ID: ReaderKeyID, Secret: "x"}, wrongSignature},
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
		{"the same", "{}", "Content-Length: 2", "{}", ""},
		{"in chunks", "{}", "Transfer-Encoding: chunked", "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", ""},
		{"long", long, "Content-Length: 1048576", long, ""},
		{"another", "{}", "Content-Length: 2", "[]", wrongSignature},
		{"none was signed", "", "Content-Length: 2", "{}", wrongSignature},
		{"none was sent", "{}", "Content-Length: 0", "", wrongSignature},
		{"long, but for the last byte", long, "Content-Length: 1048576", long[1:] + "c", wrongSignature},
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
