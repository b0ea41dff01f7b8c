package deploy

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

const rulesFile = "prometheus/quotaspec.rules.yml"

// TestExporter runs the exporter between the reference provider and Debian's Prometheus with our alert rules: processes that
// talk over sockets on loopback. In the course of the test, the provider's data change as an account's would.
func TestExporter(t *testing.T) {
	if *prometheusTools == "" {
		t.Skip("make test-exporter runs it")
	}
	command := buildRelease(t)
	provider := &exporterProvider{command: command, folder: t.TempDir(), address: freeAddress(t)}
	provider.restart(t, 10, "reader-token")
	plain, secure := freeAddress(t), freeAddress(t)
	flags := []string{
		"exporter", "--endpoint", "http://" + provider.address, "--domain", "d78cbac186b744899480f25bd022f468",
		"--interval", "1s", "--stale", "1m", "--log", "json",
	}
	env := []string{"HUAWEICLOUD_SDK_AUTH_TOKEN=reader-token"}
	start(t, "", env, command, append(slices.Clone(flags), "--listen", plain)...)
	folder := t.TempDir()
	writeCertificate(t, folder)
	start(t, folder, env, command, append(slices.Clone(flags), "--listen", secure, "--web-config", "web.yml")...)
	responds(t, "http://"+plain+"/healthz")

	// "for: 10m" of refusals is cut, so that the alert fires within the test; promtool tests the real one.
	writeFile(t, folder, "rules.yml", replaceOnce(t, read(t, rulesFile), "for: 10m", "for: 1s"))
	writeFile(t, folder, "prometheus.yml", fmt.Sprintf(`global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
scrape_configs:
  - job_name: quotaspec
    static_configs: [{targets: [%[1]q]}]
  - job_name: secure
    scheme: https
    tls_config: {ca_file: ca.pem}
    basic_auth: {username: prometheus, password: scrape-password}
    static_configs: [{targets: [%[2]q]}]
  - job_name: wrong-password
    scheme: https
    tls_config: {ca_file: ca.pem}
    basic_auth: {username: prometheus, password: another}
    static_configs: [{targets: [%[2]q]}]
`, plain, secure))
	if out, code := execute(t, folder, nil, "promtool", "check", "config", "prometheus.yml"); code != 0 {
		t.Fatal(out)
	}
	server := startPrometheus(t, folder, "prometheus.yml")
	begin := time.Now()
	waitFor := func(expr string, want int) {
		t.Helper()
		eventually(t, expr, func() string {
			if got := server.query(t, expr); len(got) != want {
				return fmt.Sprintf("got %d series, want %d: %v", len(got), want, got)
			}
			return ""
		})
	}
	waitForAlert := func(name, key, want string) {
		t.Helper()
		eventually(t, name, func() string {
			if got := server.alerts(t, name); got[key] != want {
				return fmt.Sprintf("want %s to be %q, got %v", key, want, got)
			}
			return ""
		})
	}

	// Ten quotas of the account and one of images; mapping and the four limits for each have no usage.
	waitFor(`huaweicloud_quota_limit{job="quotaspec"}`, 11)
	waitFor(`huaweicloud_quota_used{job="quotaspec"}`, 6)
	waitFor(`huaweicloud_quota_up{job="quotaspec"} == 1`, 2)
	t.Run("metrics", func(t *testing.T) {
		_, metrics, err := get("http://" + plain + "/metrics")
		if err != nil {
			t.Fatal(err)
		}
		writeFile(t, folder, "metrics.txt", metrics)
		out, code := execute(t, folder, nil, "bash", "-c", "promtool check metrics < metrics.txt")
		if code != 0 || out != "" {
			t.Errorf("promtool check metrics: exit code %d, %s", code, out)
		}
	})
	t.Run("TLS", func(*testing.T) {
		waitFor(`huaweicloud_quota_limit{job="secure"}`, 11)
		waitFor(`up{job="secure"} == 1`, 1)
		waitFor(`up{job="wrong-password"} == 0`, 1)
		waitFor(`huaweicloud_quota_limit{job="wrong-password"}`, 0)
	})
	// 9 of 10 identity providers: a warning. 10 of 50 users: none.
	waitForAlert("HuaweiCloudQuotaWarning", "idp", "firing")
	waitForAlert("HuaweiCloudQuotaCritical", "user", "")

	provider.restart(t, 48, "reader-token")
	waitForAlert("HuaweiCloudQuotaCritical", "user", "firing")
	if got := server.alerts(t, "HuaweiCloudQuotaWarning"); got["user"] != "" {
		t.Errorf("96%% is a warning, too: %v", got)
	}
	waitFor("huaweicloud_quota_up == 0", 0)
	t.Run("dashboard", func(t *testing.T) { testDashboard(t, server, "Not known") })

	provider.restart(t, 10, "reader-token")
	waitForAlert("HuaweiCloudQuotaCritical", "user", "")

	// The token is revoked: the series end, and say nothing wrong before.
	provider.restart(t, 10, "another-token")
	waitFor(`huaweicloud_quota_up{job="quotaspec"} == 0`, 2)
	waitFor(`{__name__=~"huaweicloud_quota_(limit|used)"}`, 0)
	waitForAlert("HuaweiCloudQuotaRefused", "iam", "firing")
	waitForAlert("HuaweiCloudQuotaRefused", "ims", "firing")
	t.Run("dashboard after a refusal", func(t *testing.T) {
		testDashboard(t, server, "Fullest quotas", "Days left", "Usage of the limit")
	})
	all := server.data(t, "query_range?"+url.Values{
		"query": {`{__name__=~"huaweicloud_quota_(limit|used)"}`}, "step": {"1"},
		"start": {fmt.Sprint(begin.Unix())}, "end": {fmt.Sprint(time.Now().Unix())},
	}.Encode()).Result
	if len(all) == 0 {
		t.Fatal("Prometheus has no series of the time before")
	}
	for _, s := range all {
		for _, v := range s.Values {
			if v[1] == "0" {
				t.Errorf("a quota became 0: %v", s.Metric)
			}
		}
	}

	provider.restart(t, 10, "reader-token")
	waitForAlert("HuaweiCloudQuotaRefused", "iam", "")
	waitFor(`huaweicloud_quota_limit{job="quotaspec"}`, 11)
}

// exporterProvider is the reference provider at an address that it keeps when it is started with other data.
type exporterProvider struct {
	command, folder, address string
	running                  *process
}

// restart serves the sample data with so many users of 50, and one token for the reader. All usage is above 0, so that a 0 that
// Prometheus sees is wrong.
func (p *exporterProvider) restart(t *testing.T, users int, token string) {
	t.Helper()
	data := read(t, "../server/sample.yaml")
	for _, edit := range [][2]string{
		{"quota: 50, max: 1000, used: 10}", fmt.Sprintf("quota: 50, max: 1000, used: %d}", users)},
		{"{type: image, used: 0,", "{type: image, used: 4,"},
		{"{value: reader-token}", "{value: " + token + "}"},
	} {
		data = replaceOnce(t, data, edit[0], edit[1])
	}
	writeFile(t, p.folder, "accounts.yaml", data)
	if p.running != nil {
		p.running.stop(t)
	}
	p.running = start(t, p.folder, nil, p.command, "serve", "--listen", p.address, "--data", "accounts.yaml", "--log", "off")
	responds(t, "http://"+p.address+"/healthz")
}

// testDashboard runs all queries of the dashboard by promtool. Each must give a series but those of the panels that are named,
// which must give none.
func testDashboard(t *testing.T, server prometheus, empty ...string) {
	t.Helper()
	values := strings.NewReplacer("$account", "d78c.*", "$region", ".*", "$__rate_interval", "5m")
	for _, panel := range dashboard(t).Panels {
		for _, target := range panel.Targets {
			out, code := execute(t, "", nil, "promtool", "query", "instant", string(server), values.Replace(target.Expr))
			if has := strings.TrimSpace(out) != ""; code != 0 || has == slices.Contains(empty, panel.Title) {
				t.Errorf("panel %s: exit code %d, got %q for %s", panel.Title, code, out, target.Expr)
			}
		}
	}
}

// TestRunbooks checks that the pages have a heading for each alert, since it is what the runbook of an alert links, and the headings
// of alerts in the same order.
func TestRunbooks(t *testing.T) {
	for _, rules := range []struct{ file, page string }{
		{file: rulesFile, page: "docs/how-to/quotas-in-prometheus.md"},
		{file: "prometheus/quotaspec-fleet.rules.yml", page: "docs/how-to/judge-a-fleet.md"},
	} {
		_, section, _ := strings.Cut(read(t, "../"+rules.page), "## The alerts\n")
		section, _, _ = strings.Cut(section, "\n## ")
		anchors, links := []string{}, []string{}
		for line := range strings.Lines(section) {
			if title, ok := strings.CutPrefix(line, "### "); ok {
				anchors = append(anchors, "https://github.com/quotaspec/quotaspec/blob/main/"+rules.page+"#"+
					strings.ReplaceAll(strings.ToLower(strings.TrimSpace(title)), " ", "-"))
			}
		}
		for _, m := range regexp.MustCompile(`runbook_url: (\S+)`).FindAllStringSubmatch(read(t, rules.file), -1) {
			links = append(links, m[1])
		}
		if len(links) == 0 || !slices.Equal(anchors, links) {
			t.Errorf("the alerts of %s link\n%s\nthe page has\n%s", rules.file, strings.Join(links, "\n"), strings.Join(anchors, "\n"))
		}
	}
}

// dashboardModel is the part of a dashboard of Grafana that has queries and the names in them.
type dashboardModel struct {
	UID        string
	Templating struct{ List []struct{ Name, Type string } }
	Panels     []struct {
		ID      int
		Title   string
		GridPos struct{ X, Y, W, H int }
		Targets []struct{ Expr string }
	}
}

func dashboard(t *testing.T) dashboardModel {
	t.Helper()
	var model dashboardModel
	if err := json.Unmarshal([]byte(read(t, "grafana/quotas.json")), &model); err != nil {
		t.Fatal(err)
	}
	return model
}

// TestDashboard checks that the dashboard has queries, uses only variables that it declares, and that no panel hides another.
func TestDashboard(t *testing.T) {
	model := dashboard(t)
	declared := []string{"__rate_interval"}
	for _, v := range model.Templating.List {
		declared = append(declared, v.Name)
	}
	for _, m := range regexp.MustCompile(`\$\{?(\w+)`).FindAllStringSubmatch(read(t, "grafana/quotas.json"), -1) {
		if !slices.Contains(declared, m[1]) && m[1] != "__all" {
			t.Errorf("the variable %s is not declared", m[1])
		}
	}
	taken := map[[2]int]string{}
	for _, panel := range model.Panels {
		if len(panel.Targets) == 0 {
			t.Errorf("panel %s has no query", panel.Title)
		}
		for x := panel.GridPos.X; x < panel.GridPos.X+panel.GridPos.W; x++ {
			for y := panel.GridPos.Y; y < panel.GridPos.Y+panel.GridPos.H; y++ {
				if other, ok := taken[[2]int{x, y}]; ok || x >= 24 {
					t.Fatalf("panel %s is at %d, %d, which is outside or covers %q", panel.Title, x, y, other)
				}
				taken[[2]int{x, y}] = panel.Title
			}
		}
	}
}

// writeCertificate writes web.yml, with a certificate for loopback and a user whose password is scrape-password, and ca.pem.
func writeCertificate(t *testing.T, folder string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, folder, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})))
	writeFile(t, folder, "key.pem", string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})))
	writeFile(t, folder, "web.yml", `tls_server_config: {cert_file: ca.pem, key_file: key.pem}
basic_auth_users: {prometheus: $2a$04$.0dqRwtmqXE99MF.K8YJge8eOD1NRnsEz919LYIJFkA0jzG5VNNYW}
`)
}

func writeFile(t *testing.T, folder, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
