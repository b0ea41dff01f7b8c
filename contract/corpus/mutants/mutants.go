// Package mutants has the data with which package mutate scores our two documents: complete HTTP messages, inventories, and the
// list of equivalent mutants.
//
// Embedded combines it with the recordings and the published corpus to one contract for each document. Recordings and messages
// are seeds, from which mutants are made. Cases of the corpus only judge mutants of documents. The package makes and judges no
// mutant itself.
package mutants

import (
	"embed"
	"path"
	"slices"

	"github.com/quotaspec/quotaspec/contract/corpus"
	"github.com/quotaspec/quotaspec/contract/mutate"
	"github.com/quotaspec/quotaspec/contract/recordings"
	"github.com/quotaspec/quotaspec/openapi"
)

//go:embed exchanges/*/*.http inventory/*.txt equivalents.txt
var embedded embed.FS

// Embedded returns one contract for each of our documents, in the order of openapi.Names, and their equivalents.
func Embedded() ([]mutate.Contract, *mutate.Equivalents, error) {
	recorded, err := recordings.Embedded()
	if err != nil {
		return nil, nil, err
	}
	contracts := []mutate.Contract{}
	for _, name := range openapi.Names() {
		source, err := openapi.YAML(name)
		if err != nil {
			return nil, nil, err
		}
		contracts = append(contracts, mutate.Contract{
			File: path.Join("openapi", name+".yaml"), Document: source, Cases: Recordings(recorded),
		})
	}
	contracts, equivalents, err := mutate.Load(contracts, embedded, "contract/corpus/mutants/")
	if err != nil {
		return nil, nil, err
	}
	published, err := corpus.Cases()
	for _, c := range published {
		i := slices.Index(openapi.Names(), c.Document)
		contracts[i].Cases = append(contracts[i].Cases, ofCorpus(c))
	}
	return contracts, equivalents, err
}

// Recordings converts recordings to cases, in the same order. A recording is a seed unless its request breaks the contract.
func Recordings(all []recordings.Recording) []mutate.Case {
	list := []mutate.Case{}
	for _, r := range all {
		c := mutate.Case{Name: r.Name(), Exchange: r.Exchange(), Seed: len(r.Breaks) == 0, Operation: r.Operation, Example: r.Example}
		for _, id := range r.Breaks {
			c.Want = append(c.Want, mutate.Want{ID: id})
		}
		list = append(list, c)
	}
	return list
}

// ofCorpus converts a case of the published corpus.
func ofCorpus(c corpus.Case) mutate.Case {
	made := mutate.Case{Name: c.Name, Exchange: c.Exchange}
	for _, w := range c.Want {
		made.Want = append(made.Want, mutate.Want(w))
	}
	return made
}
