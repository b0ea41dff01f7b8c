package probe_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/probe"
	"github.com/quotaspec/quotaspec/openapi/spec"
)

// forms is a document whose operations take forms, and other bodies that are not JSON.
const forms = `openapi: 3.0.3
info: {title: Forms, version: '1'}
paths:
  /login:
    post:
      operationId: login
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema:
              type: object
              additionalProperties: false
              required: [user]
              properties:
                user: {type: string, minLength: 2, maxLength: 5}
                role: {type: string, enum: [admin]}
                age: {type: integer, minimum: 18}
                tags: {type: array, items: {type: string}, maxItems: 1}
                at: {type: object, properties: {x: {type: integer}}}
                box: {type: object, properties: {y: {type: boolean}}}
            encoding: {at: {style: deepObject, explode: true}, tags: {explode: false}}
      responses: {'200': {description: x}, '400': {description: x}}
  /photos/{album}:
    post:
      operationId: upload
      parameters: [{name: album, in: path, required: true, example: a, schema: {type: string}}]
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema:
              type: object
              required: [photo, size]
              properties:
                photo: {type: string, format: binary}
                pages: {type: array, items: {type: string, format: binary}}
                size: {type: integer, maximum: 9}
                about: {type: object, required: [title], properties: {title: {type: string}}}
            encoding: {photo: {contentType: 'image/png, image/jpeg', headers: {X-Mode: {required: true, schema: {type: string, enum: [fast]}}}}}
      responses: {'200': {description: x}, '400': {description: x}}
  /notes:
    put:
      operationId: note
      requestBody:
        required: true
        content:
          application/json: {schema: {type: object, required: [n], properties: {n: {type: integer}}}}
          application/x-www-form-urlencoded: {schema: {type: object, required: [n], properties: {n: {type: integer}}}}
      responses: {'200': {description: x}, '400': {description: x}}
  /raw:
    put:
      operationId: raw
      requestBody: {required: true, content: {application/octet-stream: {schema: {type: string, format: binary}}}}
      responses: {'200': {description: x}, '400': {description: x}}
  /any:
    put:
      operationId: any
      requestBody: {required: true, content: {'*/*': {schema: {type: object, required: [n], properties: {n: {type: integer}}}}}}
      responses: {'200': {description: x}, '400': {description: x}}
  /xml:
    put:
      operationId: xml
      requestBody: {required: true, content: {application/xml: {schema: {type: object}}}}
      responses: {'200': {description: x}, '400': {description: x}}
`

// bodyProbes derives the probes of the forms that test the body or send the plain request.
func bodyProbes(t *testing.T) (*contract.Judge, []probe.Probe) {
	t.Helper()
	judge := judge(t, "forms.yaml", forms)
	all := probe.Derive(judge, nil)
	return judge, slices.DeleteFunc(all, func(p probe.Probe) bool {
		return p.Kind != spec.ValidRequest && p.Kind != spec.InvalidParameter
	})
}

// TestFormProbes compares the URL-encoded bodies that are sent: each breaks one thing.
func TestFormProbes(t *testing.T) {
	_, all := bodyProbes(t)
	var got []string
	for _, p := range all {
		if p.Operation.ID == "login" {
			body, _ := url.QueryUnescape(string(p.Request.Body))
			got = append(got, fmt.Sprintf("%s %s: %s", p.ID, p.Request.Header.Get("Content-Type"), body))
		}
	}
	const form = " application/x-www-form-urlencoded: "
	want := []string{
		"login/plain" + form + "user=text",
		"login/body-required-only" + form + "user=text",
		`login/body-complete` + form + `age=18&at[x]=1&box={"y":true}&role=admin&tags=text&user=text`,
		`login/body-other-media-type text/plain: age=18&at[x]=1&box={"y":true}&role=admin&tags=text&user=text`,
		`login/body-user-missing` + form + `age=18&at[x]=1&box={"y":true}&role=admin&tags=text`,
		`login/body-user-too-short` + form + `age=18&at[x]=1&box={"y":true}&role=admin&tags=text&user=x`,
		`login/body-user-too-long` + form + `age=18&at[x]=1&box={"y":true}&role=admin&tags=text&user=xxxxxx`,
		`login/body-user-other-type` + form + `age=18&at[x]=1&box={"y":true}&role=admin&tags=text&user=7`,
		`login/body-role-unknown` + form + `age=18&at[x]=1&box={"y":true}&role=admins&tags=text&user=text`,
		`login/body-role-other-case` + form + `age=18&at[x]=1&box={"y":true}&role=ADMIN&tags=text&user=text`,
		`login/body-role-other-type` + form + `age=18&at[x]=1&box={"y":true}&role=7&tags=text&user=text`,
		`login/body-age-no-number` + form + `age=many&at[x]=1&box={"y":true}&role=admin&tags=text&user=text`,
		`login/body-age-no-integer` + form + `age=1.5&at[x]=1&box={"y":true}&role=admin&tags=text&user=text`,
		`login/body-age-below-minimum` + form + `age=17&at[x]=1&box={"y":true}&role=admin&tags=text&user=text`,
		`login/body-age-other-type` + form + `age=text&at[x]=1&box={"y":true}&role=admin&tags=text&user=text`,
		`login/body-tags-too-many` + form + `age=18&at[x]=1&box={"y":true}&role=admin&tags=text,text&user=text`,
		`login/body-at-x-no-number` + form + `age=18&at[x]=many&box={"y":true}&role=admin&tags=text&user=text`,
		`login/body-at-x-no-integer` + form + `age=18&at[x]=1.5&box={"y":true}&role=admin&tags=text&user=text`,
		`login/body-at-x-other-type` + form + `age=18&at[x]=text&box={"y":true}&role=admin&tags=text&user=text`,
		`login/body-box-y-no-boolean` + form + `age=18&at[x]=1&box={"y":"maybe"}&role=admin&tags=text&user=text`,
		`login/body-box-y-other-type` + form + `age=18&at[x]=1&box={"y":"text"}&role=admin&tags=text&user=text`,
		`login/body-box-y-null` + form + `age=18&at[x]=1&box={"y":null}&role=admin&tags=text&user=text`,
		`login/body-box-other-type` + form + `age=18&at[x]=1&box=text&role=admin&tags=text&user=text`,
		`login/body-further-member` + form + `age=18&at[x]=1&box={"y":true}&quotaspecProbe=true&role=admin&tags=text&user=text`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("probes (-want +got):\n%s", diff)
	}
}

// TestMultipartProbes compares the parts of the complete body, and the names of the probes that each break one thing.
func TestMultipartProbes(t *testing.T) {
	_, all := bodyProbes(t)
	names, complete := []string{}, ""
	for _, p := range all {
		if p.Operation.ID == "upload" {
			names = append(names, strings.TrimPrefix(p.ID, "upload/"))
		}
		if p.ID == "upload/body-complete" {
			complete = strings.ReplaceAll(string(p.Request.Body), "\r\n", "\n")
		}
	}
	wantNames := []string{
		"plain", "body-required-only", "body-complete", "body-not-multipart", "body-missing", "body-other-media-type", "body-photo-missing", "body-size-missing",
		"body-size-no-number", "body-size-no-integer", "body-size-above-maximum", "body-size-other-type", "body-about-title-missing",
		"body-about-title-other-type", "body-about-title-null", "body-about-other-type",
	}
	if diff := cmp.Diff(wantNames, names); diff != "" {
		t.Errorf("probes (-want +got):\n%s", diff)
	}
	head, rest, _ := strings.Cut(complete, "\x89PNG")
	_, tail, _ := strings.Cut(rest, "IEND\xaeB`\x82")
	want := `--quotaspec-probe-boundary
Content-Disposition: form-data; name="about"
Content-Type: application/json

{"title":"text"}
--quotaspec-probe-boundary
Content-Disposition: form-data; name="pages"; filename="quotaspec.bin"
Content-Type: application/octet-stream

text
--quotaspec-probe-boundary
Content-Disposition: form-data; name="photo"; filename="quotaspec.png"
Content-Type: image/png
X-Mode: fast

…
--quotaspec-probe-boundary
Content-Disposition: form-data; name="size"

1
--quotaspec-probe-boundary--
`
	if diff := cmp.Diff(want, head+"…"+tail); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

// TestFormProbesFitTheirKind judges the bodies as those of traffic: valid ones break nothing, and each of the others breaks the
// document.
func TestFormProbesFitTheirKind(t *testing.T) {
	judge, all := bodyProbes(t)
	for _, p := range all {
		if p.Skip != "" {
			if p.Operation.ID != "xml" {
				t.Errorf("%s: skipped: %s", p.ID, p.Skip)
			}
			continue
		}
		result := judge.Check(contract.Exchange{Request: p.Request, Unrecorded: contract.UnrecordedResponse})
		if isRight := len(result.Findings) == 0; isRight != (p.Kind == spec.ValidRequest) || !result.Judged {
			t.Errorf("%s (%s): judged %t, findings %v\n%s", p.ID, p.Kind, result.Judged, result.Findings, p.Request.Body)
		}
	}
}

// TestOtherBodies tests the probes of bodies of several media types, of ranges, of bytes and of what cannot be written.
func TestOtherBodies(t *testing.T) {
	_, all := bodyProbes(t)
	find := func(id string) probe.Probe {
		i := slices.IndexFunc(all, func(p probe.Probe) bool { return p.ID == id })
		if i < 0 {
			t.Errorf("no %s", id)
			return probe.Probe{}
		}
		return all[i]
	}
	for _, test := range []struct{ id, contentType, body string }{
		{id: "note/plain", contentType: "application/json", body: `{"n":1}`},
		{id: "note/body-n-no-number", contentType: "application/json", body: `{"n":"many"}`},
		{id: "note/form-required-only", contentType: "application/x-www-form-urlencoded", body: "n=1"},
		{id: "note/form-n-no-number", contentType: "application/x-www-form-urlencoded", body: "n=many"},
		{id: "raw/plain", contentType: "application/octet-stream", body: "text"},
		{id: "raw/body-missing"},
		{id: "any/plain", contentType: "application/json", body: `{"n":1}`},
	} {
		r := find(test.id).Request
		if got := r.Header.Get("Content-Type"); got != test.contentType || string(r.Body) != test.body {
			t.Errorf("%s: got %s %s, want %s %s", test.id, got, r.Body, test.contentType, test.body)
		}
	}
	const skip = "no value for the request body: probes cannot write application/xml"
	if got := find("xml/plain").Skip; got != skip {
		t.Errorf("got %q, want %q", got, skip)
	}
}

// TestAbout checks that a probe that must be refused says which part of the document it breaks.
func TestAbout(t *testing.T) {
	_, all := bodyProbes(t)
	about := map[string]string{}
	for _, p := range all {
		if (p.About == nil) != (p.Kind == spec.ValidRequest) {
			t.Errorf("%s (%s) is about %v", p.ID, p.Kind, p.About)
		}
		if p.About != nil {
			about[p.ID] = p.About.Pointer()
		}
	}
	const login = "/paths/~1login/post/requestBody"
	const schema = login + "/content/application~1x-www-form-urlencoded/schema"
	for id, want := range map[string]string{
		"login/body-user-missing": schema + "/properties/user", "login/body-age-no-number": schema + "/properties/age",
		"login/body-box-y-null": schema + "/properties/box/properties/y", "login/body-further-member": schema,
		"login/body-other-media-type": login, "login/body-tags-too-many": schema + "/properties/tags",
	} {
		if about[id] != want {
			t.Errorf("%s is about %q, want %q", id, about[id], want)
		}
	}
}

// TestCurlOfForms checks that a multipart body, whose line breaks and bytes no shell keeps, has no curl line.
func TestCurlOfForms(t *testing.T) {
	_, all := bodyProbes(t)
	target := probe.Target{URL: &url.URL{Scheme: "http", Host: "127.0.0.1"}}
	for _, p := range all {
		hasParts := strings.Contains(string(p.Request.Body), "Content-Disposition")
		if got := target.Curl(p, probe.Principal{}); (got == "") != hasParts {
			t.Errorf("%s: got %q", p.ID, got)
		}
	}
}
