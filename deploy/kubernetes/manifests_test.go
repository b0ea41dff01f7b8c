// Package kubernetes tests the manifests of this folder. It is a module of its own, so that the types of Kubernetes are no
// dependency of the command.
package kubernetes

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/validation"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// The file that each object is read from, and the type whose members are all that it may have.
var manifests = map[string]any{
	"configmap.yaml":      &core.ConfigMap{},
	"deployment.yaml":     &apps.Deployment{},
	"secret.example.yaml": &core.Secret{},
	"service.yaml":        &core.Service{},
	"servicemonitor.yaml": &monitoring.ServiceMonitor{},
}

// decode reads a manifest into its type, strictly: an unknown or repeated member is an error, as is a value of a wrong type.
func decode[T any](t *testing.T, file string) T {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	into := manifests[file]
	if err := yaml.UnmarshalStrict(text, into); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return into.(T)
}

// TestManifests decodes all files, and compares the names by which they refer to each other: the API server would not.
func TestManifests(t *testing.T) {
	files, err := filepath.Glob("*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if _, known := manifests[file]; !known && file != "kustomization.yaml" {
			t.Errorf("%s is not tested", file)
		}
	}
	config := decode[*core.ConfigMap](t, "configmap.yaml")
	secret := decode[*core.Secret](t, "secret.example.yaml")
	deployment := decode[*apps.Deployment](t, "deployment.yaml")
	service := decode[*core.Service](t, "service.yaml")
	monitor := decode[*monitoring.ServiceMonitor](t, "servicemonitor.yaml")

	pod := deployment.Spec.Template
	exporter := pod.Spec.Containers[0]
	port := exporter.Ports[0].Name
	for _, equal := range []struct{ name, got, want string }{
		{"volume of the config", pod.Spec.Volumes[0].ConfigMap.Name, config.Name},
		{"volume of the secret", pod.Spec.Volumes[1].Secret.SecretName, secret.Name},
		{"mount of the config", exporter.VolumeMounts[0].Name, pod.Spec.Volumes[0].Name},
		{"mount of the secret", exporter.VolumeMounts[1].Name, pod.Spec.Volumes[1].Name},
		{"port of the service", service.Spec.Ports[0].TargetPort.StrVal, port},
		{"port of readiness", exporter.ReadinessProbe.HTTPGet.Port.StrVal, port},
		{"port of liveness", exporter.LivenessProbe.HTTPGet.Port.StrVal, port},
		{"port of the monitor", monitor.Spec.Endpoints[0].Port, service.Spec.Ports[0].Name},
		{"job of the monitor", service.Labels[monitor.Spec.JobLabel], "quotaspec"},
	} {
		if equal.got != equal.want {
			t.Errorf("%s: got %q, want %q", equal.name, equal.got, equal.want)
		}
	}
	for _, selects := range []struct {
		name          string
		selector, set map[string]string
	}{
		{"deployment", deployment.Spec.Selector.MatchLabels, pod.Labels},
		{"service", service.Spec.Selector, pod.Labels},
		{"monitor", monitor.Spec.Selector.MatchLabels, service.Labels},
	} {
		for key, value := range selects.selector {
			if problems := validation.IsQualifiedName(key); selects.set[key] != value || len(problems) > 0 {
				t.Errorf("the selector of the %s %s=%s selects nothing of %v %v", selects.name, key, value, selects.set, problems)
			}
		}
	}

	// The files that quotas.yaml names are keys of the secret, where that is mounted.
	files = nil
	for _, m := range regexp.MustCompile(`file: ([^}\s]+)`).FindAllStringSubmatch(config.Data["quotas.yaml"], -1) {
		files = append(files, m[1])
		if folder := filepath.Dir(m[1]); folder != exporter.VolumeMounts[1].MountPath {
			t.Errorf("quotas.yaml names %s, but the secret is in %s", m[1], exporter.VolumeMounts[1].MountPath)
		}
		if _, ok := secret.StringData[filepath.Base(m[1])]; !ok {
			t.Errorf("quotas.yaml names %s, which the secret has not", m[1])
		}
	}
	if len(files) != len(secret.StringData) {
		t.Errorf("quotas.yaml names the files %q, want all %d keys of the secret", files, len(secret.StringData))
	}
}

// TestRestricted compares the pod with the standard "restricted" of Kubernetes, and with what goes beyond it.
func TestRestricted(t *testing.T) {
	pod := decode[*apps.Deployment](t, "deployment.yaml").Spec.Template.Spec
	container := pod.Containers[0].SecurityContext
	for name, ok := range map[string]bool{
		"runAsNonRoot":                  *pod.SecurityContext.RunAsNonRoot,
		"the user of the image":         *pod.SecurityContext.RunAsUser == 65532,
		"seccomp RuntimeDefault":        pod.SecurityContext.SeccompProfile.Type == core.SeccompProfileTypeRuntimeDefault,
		"no privilege escalation":       !*container.AllowPrivilegeEscalation,
		"all capabilities dropped":      len(container.Capabilities.Drop) == 1 && container.Capabilities.Drop[0] == "ALL",
		"no capability added":           len(container.Capabilities.Add) == 0,
		"a root that cannot be written": *container.ReadOnlyRootFilesystem,
		"no token of Kubernetes":        !*pod.AutomountServiceAccountToken,
		"64 MiB":                        pod.Containers[0].Resources.Limits.Memory().Value() == 64<<20,
	} {
		if !ok {
			t.Errorf("the pod lacks: %s", name)
		}
	}
}

// TestKustomize builds the folder as "kubectl apply -k" does.
func TestKustomize(t *testing.T) {
	resources, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), ".")
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, r := range resources.Resources() {
		kinds[r.GetKind()]++
	}
	if len(kinds) != 3 || kinds["ConfigMap"] != 1 || kinds["Deployment"] != 1 || kinds["Service"] != 1 {
		t.Errorf("got %v, want one ConfigMap, Deployment and Service", kinds)
	}
}
