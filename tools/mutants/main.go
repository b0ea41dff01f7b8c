// Mutants says what the tests of a package do not notice: it breaks the package in one place at a time and runs its tests.
//
//	go -C tools run ./mutants [-workers N] [-timeout D] DIR [FILE...]
//
// All mutants are compiled into one test binary (go test -overlay), and a variable of the environment says which one lives
// in a run: a package is compiled once, not once for each mutant. No file of the package is touched.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"
)

func main() {
	workers := flag.Int("workers", runtime.NumCPU(), "how many runs at a time")
	timeout := flag.Duration("timeout", 2*time.Minute, "after how long a run counts as noticed")
	flag.Parse()
	if flag.NArg() == 0 {
		fmt.Fprintln(os.Stderr, "usage: mutants [-workers N] [-timeout D] DIR [FILE...]")
		os.Exit(2)
	}
	if err := run(flag.Arg(0), flag.Args()[1:], *workers, *timeout); err != nil {
		fmt.Fprintln(os.Stderr, "mutants:", err)
		os.Exit(1)
	}
}

// run prints every mutant that survives or that no test reaches, and a line of numbers.
func run(dir string, files []string, workers int, timeout time.Duration) (err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "mutants")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	mutants, binary, err := build(dir, files, work)
	if err != nil {
		return err
	}
	start := time.Now()
	log := filepath.Join(work, "reached")
	if noticed, out := try(dir, binary, 0, timeout, "MUTANT_LOG="+log); noticed {
		return fmt.Errorf("the tests fail without a mutant:\n%s", out)
	}
	reached, err := os.ReadFile(log)
	if err != nil {
		return err
	}
	verdicts := make([]string, len(mutants))
	queue, wait := make(chan int), sync.WaitGroup{}
	for range workers {
		wait.Go(func() {
			for i := range queue {
				if noticed, _ := try(dir, binary, i+1, timeout); !noticed {
					verdicts[i] = "survived"
				}
			}
		})
	}
	for i := range mutants {
		if strings.Contains("\n"+string(reached), fmt.Sprintf("\n%d\n", i+1)) {
			queue <- i
		} else {
			verdicts[i] = "not reached"
		}
	}
	close(queue)
	wait.Wait()
	survivors := 0
	for i, m := range mutants {
		if verdicts[i] != "" {
			survivors++
			fmt.Printf("%s\t%s\n", verdicts[i], m)
		}
	}
	fmt.Printf("%s: %d mutants, %d noticed, in %s\n", filepath.Base(dir), len(mutants), len(mutants)-survivors, time.Since(start).Round(time.Second))
	return nil
}

// build compiles the tests of a package with all its mutants inside.
func build(dir string, files []string, work string) (mutants []mutant, binary string, err error) {
	if len(files) == 0 {
		if files, err = filepath.Glob(filepath.Join(dir, "*.go")); err != nil {
			return nil, "", err
		}
	}
	overlay := map[string]string{}
	name := ""
	for _, file := range files {
		if file = filepath.Base(file); strings.HasSuffix(file, "_test.go") {
			continue
		}
		path := filepath.Join(dir, file)
		text, pkg, found, err := mutate(path, len(mutants))
		if err != nil {
			return nil, "", err
		}
		name, mutants = pkg, append(mutants, found...)
		overlay[path] = filepath.Join(work, file)
		if err := os.WriteFile(overlay[path], text, 0o600); err != nil {
			return nil, "", err
		}
	}
	added := filepath.Join(dir, "mutants_overlay.go")
	overlay[added] = filepath.Join(work, "mutants_overlay.go")
	list, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		return nil, "", err
	}
	listFile, binary := filepath.Join(work, "overlay.json"), filepath.Join(work, "tests")
	err = errors.Join(os.WriteFile(overlay[added], []byte("package "+name+chooser), 0o600), os.WriteFile(listFile, list, 0o600))
	if err != nil {
		return nil, "", err
	}
	compile := exec.Command("go", "test", "-c", "-vet=off", "-overlay", listFile, "-o", binary, ".")
	compile.Dir = dir
	if out, err := compile.CombinedOutput(); err != nil {
		return nil, "", fmt.Errorf("compile the mutants: %w\n%s", err, out)
	}
	return mutants, binary, nil
}

// try runs the tests with one mutant; none is mutant 0.
func try(dir, binary string, number int, timeout time.Duration, environment ...string) (noticed bool, output []byte) {
	command := exec.Command(binary, "-test.failfast", "-test.timeout", timeout.String())
	command.Dir, command.Env = dir, append(os.Environ(), append(environment, "MUTANT="+strconv.Itoa(number))...)
	output, err := command.CombinedOutput()
	return err != nil, output
}
