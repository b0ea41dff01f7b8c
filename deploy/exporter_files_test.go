package deploy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestExporterFiles checks the files with which others run the exporter by the programs that will read them. Containers are not
// started: their commands run as processes on loopback.
func TestExporterFiles(t *testing.T) {
	if *prometheusTools == "" {
		t.Skip("make test-exporter runs it")
	}
	command := buildRelease(t)
	t.Run("rules", testRules)
	t.Run("systemd", func(t *testing.T) { testUnit(t, command) })
	t.Run("compose", func(t *testing.T) { testCompose(t, command) })
	t.Run("Kubernetes", func(t *testing.T) { testDeployment(t, command) })
}

// testRules checks the alert rules, and that the tests of promtool for them pass.
func testRules(t *testing.T) {
	for _, args := range [][]string{
		{"check", "rules", "quotaspec.rules.yml", "quotaspec-fleet.rules.yml"},
		{"test", "rules", "quotaspec.rules.test.yml", "quotaspec-fleet.rules.test.yml"},
	} {
		if out, code := execute(t, "prometheus", nil, "promtool", args...); code != 0 {
			t.Errorf("promtool %s\n%s", strings.Join(args, " "), out)
		}
	}
}

// testUnit checks the unit of systemd: no line that systemd does not know, and an exposure of 2.0 of 10 at most.
func testUnit(t *testing.T, command string) {
	const unit = "quotaspec-exporter.service"
	folder := t.TempDir()
	writeFile(t, folder, unit, replaceOnce(t, read(t, "systemd/"+unit), "ExecStart=/usr/local/bin/quotaspec", "ExecStart="+command))
	for _, args := range [][]string{
		{"verify", "./" + unit},
		{"security", "--no-pager", "--offline=true", "--threshold=20", "./" + unit},
	} {
		out, code := execute(t, folder, nil, "systemd-analyze", args...)
		if code != 0 || args[0] == "verify" && out != "" {
			t.Errorf("systemd-analyze %s: exit code %d\n%s", strings.Join(args, " "), code, out)
		}
	}
}

// composeFile is the part of compose.yaml that says what runs.
type composeFile struct {
	Services map[string]struct {
		Command     []string
		Environment map[string]string
	}
}

// testCompose checks compose.yaml by its schema, and runs its three services. The network is loopback: names and ports of the
// containers are replaced, as are paths of what is mounted. Prometheus scrapes each second, not each minute.
func testCompose(t *testing.T, command string) {
	out, code := execute(t, "compose", nil, filepath.Join(*prometheusTools, "check-jsonschema"),
		"--builtin-schema", "vendor.compose-spec", "compose.yaml")
	if code != 0 {
		t.Error(out)
	}
	var file composeFile
	if err := yaml.Unmarshal([]byte(read(t, "compose/compose.yaml")), &file); err != nil {
		t.Fatal(err)
	}
	folder, provider, exporter := t.TempDir(), freeAddress(t), freeAddress(t)
	writeFile(t, folder, "quotaspec.rules.yml", read(t, rulesFile))
	local := strings.NewReplacer("serve:8080", provider, "exporter:9746", exporter, "1m", "1s",
		"/etc/quotaspec/", "", "/etc/prometheus/", "")
	for _, name := range []string{"quotas.yaml", "prometheus.yml"} {
		writeFile(t, folder, name, local.Replace(read(t, "compose/"+name)))
	}
	run := func(service, listens, address string) {
		t.Helper()
		env := []string{}
		for name, value := range file.Services[service].Environment {
			env = append(env, name+"="+value)
		}
		start(t, folder, env, command, replaceArgs(t, file.Services[service].Command, local, listens, address)...)
		responds(t, "http://"+address+"/healthz")
	}
	run("serve", ":8080", provider)
	run("exporter", ":9746", exporter)
	config, ok := strings.CutPrefix(local.Replace(file.Services["prometheus"].Command[0]), "--config.file=")
	if !ok || len(file.Services["prometheus"].Command) != 1 {
		t.Fatalf("got the command %q, want --config.file and no more", file.Services["prometheus"].Command)
	}
	server := startPrometheus(t, folder, config)
	eventually(t, "9 of 10 identity providers", func() string {
		if state := server.alerts(t, "HuaweiCloudQuotaWarning")["idp"]; state != "firing" {
			return "the alert is " + state
		}
		return ""
	})
}

// testDeployment runs the container of the Deployment with the ConfigMap's config and a secret with sample keys, against the
// reference provider instead of the cloud.
func testDeployment(t *testing.T, command string) {
	var deployment struct {
		Spec struct {
			Template struct {
				Spec struct {
					Containers []struct {
						Args []string
						Env  []struct{ Name, Value string }
					}
				}
			}
		}
	}
	var config struct{ Data map[string]string }
	for name, into := range map[string]any{"deployment.yaml": &deployment, "configmap.yaml": &config} {
		if err := yaml.Unmarshal([]byte(read(t, "kubernetes/"+name)), into); err != nil {
			t.Fatal(err)
		}
	}
	container := deployment.Spec.Template.Spec.Containers[0]
	folder, provider, exporter := t.TempDir(), freeAddress(t), freeAddress(t)
	start(t, folder, nil, command, "serve", "--listen", provider, "--log", "off")
	responds(t, "http://"+provider+"/healthz")
	local := strings.NewReplacer("/etc/quotaspec/", "", "/run/secrets/huaweicloud/", folder+string(os.PathSeparator))
	writeFile(t, folder, "access-key", "QSREADER000000000001\n")
	writeFile(t, folder, "secret-key", "reader-secret\n")
	writeFile(t, folder, "quotas.yaml", local.Replace(config.Data["quotas.yaml"])+
		"endpoints: {iam: http://"+provider+", ims: http://"+provider+"}\n")
	env := []string{}
	for _, v := range container.Env {
		env = append(env, v.Name+"="+v.Value)
	}
	start(t, folder, env, command, replaceArgs(t, container.Args, local, ":9746", exporter)...)
	eventually(t, "quotas of the account and of its images", func() string {
		_, metrics, err := get("http://" + exporter + "/metrics")
		if err != nil {
			return err.Error()
		}
		for _, want := range []string{
			`huaweicloud_quota_used{account="production",service="iam",type="user"} 10`,
			`service="ims",type="image"} 20`,
		} {
			if !strings.Contains(metrics, want) {
				return "no " + want + " in\n" + metrics
			}
		}
		return ""
	})
}

// replaceArgs returns the arguments of a container with local paths and, for the address on which it listens, another one.
func replaceArgs(t *testing.T, args []string, local *strings.Replacer, listens, address string) []string {
	t.Helper()
	list, found := []string{}, 0
	for _, arg := range args {
		if arg == listens {
			arg = address
			found++
		}
		list = append(list, local.Replace(arg))
	}
	if found != 1 {
		t.Fatalf("%q does not listen on %s", args, listens)
	}
	return list
}

// replaceOnce replaces a text that occurs once.
func replaceOnce(t *testing.T, text, old, replacement string) string {
	t.Helper()
	if strings.Count(text, old) != 1 {
		t.Fatalf("%q occurs not once", old)
	}
	return strings.Replace(text, old, replacement, 1)
}
