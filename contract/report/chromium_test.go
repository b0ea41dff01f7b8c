package report_test

import (
	"image/color"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestHTMLInChromium renders the page in a browser. The policy of the page forbids all requests, so that the console would
// log any.
func TestHTMLInChromium(t *testing.T) {
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			browser = path
			break
		}
	}
	switch {
	case browser == "" && os.Getenv("CI") == "true":
		t.Fatal("there is no Chromium")
	case browser == "":
		t.Skip("there is no Chromium: apt-get install chromium")
	case testing.Short():
		t.Skip("a browser takes seconds")
	}
	page := write(t, "html", redReport(t))
	light := []color.RGBA{{0xfa, 0xf9, 0xf6, 255}, {0xb3, 0x26, 0x1e, 255}, {0xdc, 0xeb, 0xe1, 255}} // paper, broken, kept
	dark := []color.RGBA{{0x15, 0x16, 0x18, 255}, {0xc8, 0x39, 0x2f, 255}, {0x1b, 0x3a, 0x2b, 255}}
	for _, test := range []struct {
		name, scheme   string
		colours        []color.RGBA
		width, foreign string
	}{
		{name: "light", scheme: "1", colours: light, width: "1200"},
		{name: "dark", scheme: "0", colours: dark, width: "1200"},
		{name: "narrow", scheme: "1", colours: light, width: "500"},
		{name: "a request is logged", scheme: "1", colours: light, width: "1200", foreign: `<img src="http://127.0.0.1:1/x.png">`},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			file, shot := filepath.Join(dir, "report.html"), filepath.Join(dir, "shot.png")
			if err := os.WriteFile(file, []byte(strings.Replace(page, "<main>", "<main>"+test.foreign, 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			out, err := exec.CommandContext(t.Context(), browser, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
				"--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--enable-logging=stderr",
				"--force-device-scale-factor=1", "--user-data-dir="+filepath.Join(dir, "profile"), "--blink-settings=preferredColorScheme="+test.scheme,
				"--window-size="+test.width+",1200", "--screenshot="+shot, "file://"+file).CombinedOutput()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			if logged := strings.Contains(string(out), "CONSOLE"); logged != (test.foreign != "") {
				t.Errorf("the console: %s", out)
			}
			for i, n := range pixels(t, shot, test.colours) {
				if n < 1000 {
					t.Errorf("%d pixels of %v", n, test.colours[i])
				}
			}
		})
	}
}

// pixels counts the pixels of each colour.
func pixels(t *testing.T, file string, colours []color.RGBA) []int {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	counts := make([]int, len(colours))
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if i := slices.Index(colours, color.RGBAModel.Convert(img.At(x, y)).(color.RGBA)); i >= 0 {
				counts[i]++
			}
		}
	}
	return counts
}
