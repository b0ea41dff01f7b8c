package fleet_test

import (
	"bufio"
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/quotaspec/quotaspec/contract"
	"github.com/quotaspec/quotaspec/contract/corpus/mutants"
	"github.com/quotaspec/quotaspec/contract/mutate"
	"github.com/quotaspec/quotaspec/contract/traffic"
)

// numberedTraffic writes exchanges of both documents into HAR files, each with a number and 32 random bytes in User-Agent. They are
// right but for one in oneOf, which is any of our recordings, of the corpus and of the mutants of both, or was sent to a path or a
// server that no document knows. The same arguments give the same files.
func numberedTraffic(tb testing.TB, folder string, exchanges, files, oneOf int) (names []string) {
	tb.Helper()
	right, others := entryTexts(tb)
	random := rand.New(rand.NewPCG(1, 2))
	number := 0
	for i := range files {
		name := filepath.Join(folder, fmt.Sprintf("traffic-%04d.har", i+1))
		file, err := os.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		w := bufio.NewWriterSize(file, 1<<20)
		fmt.Fprint(w, `{"log":{"version":"1.2","creator":{"name":"test","version":"1"},"pages":[],"entries":[`)
		for separator := "\n"; number < exchanges*(i+1)/files; separator = ",\n" {
			text := right[number%len(right)]
			if number%oneOf == oneOf-1 {
				text = others[random.IntN(len(others))]
			}
			number++
			// Real ones have ids that no compression makes smaller.
			fmt.Fprintf(w, "%s%s%07d %016x%016x%016x%016x%s", separator, text.before, number,
				random.Uint64(), random.Uint64(), random.Uint64(), random.Uint64(), text.after)
		}
		fmt.Fprint(w, "\n]}}\n")
		if err := w.Flush(); err != nil {
			tb.Fatal(err)
		}
		if err := file.Close(); err != nil {
			tb.Fatal(err)
		}
		names = append(names, name)
	}
	return names
}

// entryText is an entry of a HAR, cut in two where its number stands.
type entryText struct{ before, after string }

// entryTexts returns right exchanges, and exchanges of all kinds.
func entryTexts(tb testing.TB) (right, all []entryText) {
	tb.Helper()
	texts, err := readEntryTexts()
	if err != nil {
		tb.Fatal(err)
	}
	if len(texts.right) < 2 || len(texts.all) < 300 {
		tb.Fatalf("got %d right exchanges and %d of all kinds", len(texts.right), len(texts.all))
	}
	return texts.right, texts.all
}

type texts struct{ right, all []entryText }

var readEntryTexts = sync.OnceValues(func() (texts, error) {
	contracts, _, err := mutants.Embedded()
	if err != nil {
		return texts{}, err
	}
	right, all := []traffic.Entry{}, []traffic.Entry{}
	for _, c := range contracts {
		mutated, err := mutate.Exchanges(c)
		if err != nil {
			return texts{}, err
		}
		for i := 0; i < len(mutated); i += 17 {
			all = append(all, entryOf(mutated[i].Exchange()))
		}
		for _, one := range c.Cases {
			entry := entryOf(one.Exchange)
			all = append(all, entry)
			if len(one.Want) == 0 && one.Exchange.Response.Status == 200 {
				right = append(right, entry)
			}
		}
		for i := range 10 {
			unknown, elsewhere := right[len(right)-1], right[len(right)-1]
			unknown.Exchange.Request.Target = fmt.Sprintf("/unknown/%d", i)
			elsewhere.Origin = fmt.Sprintf("https://tracker%d.example.com", i)
			all = append(all, unknown, elsewhere)
		}
	}
	of := texts{}
	if of.right, err = cutEntries(right); err == nil {
		of.all, err = cutEntries(all)
	}
	return of, err
})

func entryOf(exchange contract.Exchange) traffic.Entry {
	return traffic.Entry{Origin: "http://127.0.0.1:8080", Exchange: exchange}
}

// cutEntries returns the entries as a HAR has them, one a line, without those that no HAR can have.
func cutEntries(entries []traffic.Entry) (list []entryText, err error) {
	for _, entry := range entries {
		var har bytes.Buffer
		w, err := traffic.NewWriter(&har, "test", "1")
		if err != nil {
			return nil, err
		}
		if err := w.Write(entry); err != nil {
			return nil, err
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		readable := false
		for read, err := range traffic.ReadHAR(bytes.NewReader(har.Bytes())) {
			readable = err == nil && read.Skip == ""
		}
		if !readable {
			continue
		}
		text := strings.Split(har.String(), "\n")[1]
		before, after, found := strings.Cut(text, `"headers":[`)
		if !found {
			return nil, fmt.Errorf("an entry without headers: %s", text)
		}
		separator := ","
		if strings.HasPrefix(after, "]") {
			separator = ""
		}
		list = append(list, entryText{before + `"headers":[{"name":"User-Agent","value":"gateway/`, `"}` + separator + after})
	}
	return list, nil
}
