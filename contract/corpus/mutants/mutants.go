// Package mutants holds what package mutate needs to score our two documents: exchanges of which every byte is known, an
// inventory of what no exchange shows, and the mutants that nobody can notice.
//
// It adds the recordings and the published corpus, and hands all of it out as contracts. It makes and judges no mutant.
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

// Recordings returns recordings as mutate takes them, in the same order.
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

// ofCorpus returns a case of the published corpus as mutate takes it.
func ofCorpus(c corpus.Case) mutate.Case {
	made := mutate.Case{Name: c.Name, Exchange: c.Exchange}
	for _, w := range c.Want {
		made.Want = append(made.Want, mutate.Want(w))
	}
	return made
}
