// Command tlog_vectors makes what a foreign log would give us, with the Go project's own packages for such logs:
// inclusion and consistency proofs as lines of JSON, or a published log of another make.
//
// Usage: tlog_vectors proofs SIZE COUNT SEED
//
//	tlog_vectors log FOLDER NAME SIZE
package main

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"fmt"
	mathrand "math/rand"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const width = 256

type vector struct {
	Kind  string   `json:"kind"`
	Index int64    `json:"index"`
	Old   int64    `json:"old"`
	Size  int64    `json:"size"`
	Leaf  []byte   `json:"leaf"`
	Root  []byte   `json:"root"`
	Was   []byte   `json:"was"`
	Proof [][]byte `json:"proof"`
}

func main() {
	var err error
	if os.Args[1] == "log" {
		err = publish(os.Args[2], os.Args[3], number(os.Args[4]))
	} else {
		err = prove(number(os.Args[2]), number(os.Args[3]), number(os.Args[4]))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func number(text string) int64 {
	value, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		panic(err)
	}
	return value
}

func entry(index int64) []byte { return []byte(fmt.Sprintf("an entry of another log, number %d", index)) }

// grown returns every hash that a log of that size stores.
func grown(size int64) ([]tlog.Hash, error) {
	var stored []tlog.Hash
	for index := int64(0); index < size; index++ {
		fresh, err := tlog.StoredHashes(index, entry(index), reader(&stored))
		if err != nil {
			return nil, err
		}
		stored = append(stored, fresh...)
	}
	return stored, nil
}

func reader(stored *[]tlog.Hash) tlog.HashReader {
	return tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for place, index := range indexes {
			found[place] = (*stored)[index]
		}
		return found, nil
	})
}

func prove(most, count, seed int64) error {
	stored, err := grown(most)
	if err != nil {
		return err
	}
	hashes, random, out := reader(&stored), mathrand.New(mathrand.NewSource(seed)), json.NewEncoder(os.Stdout)
	for done := int64(0); done < count; done++ {
		size := 1 + random.Int63n(most)
		root, err := tlog.TreeHash(size, hashes)
		if err != nil {
			return err
		}
		made := vector{Size: size, Root: root[:]}
		if done%2 == 0 {
			made.Kind, made.Index = "inclusion", random.Int63n(size)
			leaf := tlog.RecordHash(entry(made.Index))
			proof, err := tlog.ProveRecord(size, made.Index, hashes)
			if err != nil {
				return err
			}
			made.Leaf, made.Proof = leaf[:], listed(proof)
		} else {
			made.Kind, made.Old = "consistency", 1+random.Int63n(size)
			was, err := tlog.TreeHash(made.Old, hashes)
			if err != nil {
				return err
			}
			proof, err := tlog.ProveTree(size, made.Old, hashes)
			if err != nil {
				return err
			}
			made.Was, made.Proof = was[:], listed(proof)
		}
		if err := out.Encode(made); err != nil {
			return err
		}
	}
	return nil
}

func lesser(one, other int64) int64 {
	if one < other {
		return one
	}
	return other
}

func listed(proof []tlog.Hash) [][]byte {
	all := [][]byte{}
	for _, hash := range proof {
		all = append(all, append([]byte(nil), hash[:]...))
	}
	return all
}

// publish writes a log in the layout of C2SP tlog-tiles and prints its verifier key.
func publish(folder, name string, size int64) error {
	stored, err := grown(size)
	if err != nil {
		return err
	}
	hashes := reader(&stored)
	for start := int64(0); start < size; start += width {
		var bundle []byte
		for index := start; index < lesser(size, start+width); index++ {
			bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(entry(index))))
			bundle = append(bundle, entry(index)...)
		}
		if err := write(folder, "entries", start/width, size-start, bundle); err != nil {
			return err
		}
	}
	for level, count := 0, size; count > 0; level, count = level+1, count/width {
		for start := int64(0); start < count; start += width {
			var tile []byte
			for index := start; index < lesser(count, start+width); index++ {
				hash, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(8*level, index)})
				if err != nil {
					return err
				}
				tile = append(tile, hash[0][:]...)
			}
			if err := write(folder, strconv.Itoa(level), start/width, count-start, tile); err != nil {
				return err
			}
		}
	}
	return sign(folder, name, size, hashes)
}

func sign(folder, name string, size int64, hashes tlog.HashReader) error {
	root, err := tlog.TreeHash(size, hashes)
	if err != nil {
		return err
	}
	private, public, err := note.GenerateKey(rand.Reader, name)
	if err != nil {
		return err
	}
	signer, err := note.NewSigner(private)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", name, size, root)
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return err
	}
	fmt.Println(public)
	return os.WriteFile(filepath.Join(folder, "checkpoint"), signed, 0o644)
}

func write(folder, level string, number, left int64, content []byte) error {
	file := filepath.Join(folder, "tile", level, fmt.Sprintf("%03d", number))
	if left < width {
		file = filepath.Join(file+".p", strconv.FormatInt(left, 10))
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o644)
}
