// Command tlog checks a published log and receipts with the Go project's own packages for such logs,
// golang.org/x/mod/sumdb/note and tlog: none of our code takes part.
//
// Usage: tlog FOLDER VERIFIER-KEY [RECEIPT ...]
//
//	tlog cosigned CHECKPOINT LOG-KEY WITNESS-KEY
package main

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const width = 256

func main() {
	var err error
	if os.Args[1] == "cosigned" {
		err = checkCosigned(os.Args[2], os.Args[3], os.Args[4])
	} else {
		err = check(os.Args[1], os.Args[2], os.Args[3:])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "refused:", err)
		os.Exit(1)
	}
}

func check(folder, key string, receipts []string) error {
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return err
	}
	signed, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return err
	}
	size, root, err := opened(signed, verifier)
	if err != nil {
		return err
	}
	hashes, err := rebuilt(folder, size)
	if err != nil {
		return err
	}
	computed, err := tlog.TreeHash(size, hashes)
	if err != nil {
		return err
	}
	if computed != root {
		return fmt.Errorf("the entries have the root %v, the checkpoint says %v", computed, root)
	}
	if err := compareTiles(folder, size, hashes); err != nil {
		return err
	}
	for _, file := range receipts {
		if err := checkReceipt(file, verifier); err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
	}
	fmt.Printf("accepted: %d entries, %d receipts\n", size, len(receipts))
	return nil
}

// opened returns the size and root of a signed checkpoint.
func opened(signed []byte, verifier note.Verifier) (int64, tlog.Hash, error) {
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 || lines[0] != verifier.Name() {
		return 0, tlog.Hash{}, fmt.Errorf("not a checkpoint of %s", verifier.Name())
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return 0, tlog.Hash{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return size, root, err
}

// rebuilt computes every hash of the tree from the entries.
func rebuilt(folder string, size int64) (tlog.HashReader, error) {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for place, index := range indexes {
			if index >= int64(len(stored)) {
				return nil, fmt.Errorf("no hash %d", index)
			}
			found[place] = stored[index]
		}
		return found, nil
	})
	index := int64(0)
	for number := int64(0); number*width < size; number++ {
		bundle, err := os.ReadFile(filepath.Join(folder, path("entries", number, size-number*width)))
		if err != nil {
			return nil, err
		}
		for len(bundle) > 0 {
			if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
				return nil, fmt.Errorf("bundle %d ends within an entry", number)
			}
			length := int(binary.BigEndian.Uint16(bundle))
			fresh, err := tlog.StoredHashes(index, bundle[2:2+length], reader)
			if err != nil {
				return nil, err
			}
			stored, bundle, index = append(stored, fresh...), bundle[2+length:], index+1
		}
	}
	if index != size {
		return nil, fmt.Errorf("%d entries are served, the checkpoint says %d", index, size)
	}
	return reader, nil
}

// compareTiles checks every tile against the hashes that the entries have.
func compareTiles(folder string, size int64, hashes tlog.HashReader) error {
	for level, count := 0, size; count > 0; level, count = level+1, count/width {
		for number := int64(0); number*width < count; number++ {
			tile, err := os.ReadFile(filepath.Join(folder, path(strconv.Itoa(level), number, count-number*width)))
			if err != nil {
				return err
			}
			for place := 0; place*tlog.HashSize < len(tile); place++ {
				index := tlog.StoredHashIndex(8*level, number*width+int64(place))
				expected, err := hashes.ReadHashes([]int64{index})
				if err != nil {
					return err
				}
				if string(tile[place*tlog.HashSize:(place+1)*tlog.HashSize]) != string(expected[0][:]) {
					return fmt.Errorf("tile %d/%d differs at %d", level, number, place)
				}
			}
		}
	}
	return nil
}

// checkReceipt checks a proof in the form c2sp.org/tlog-proof@v1 with our extra data.
func checkReceipt(file string, verifier note.Verifier) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	head, checkpoint, found := strings.Cut(string(content), "\n\n")
	lines := strings.Split(head, "\n")
	if !found || len(lines) < 3 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return fmt.Errorf("not a proof")
	}
	extra, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(lines[1], "extra "))
	if err != nil {
		return err
	}
	var given struct{ Entry []byte }
	if err := json.Unmarshal(extra, &given); err != nil {
		return err
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64)
	if err != nil {
		return err
	}
	var proof tlog.RecordProof
	for _, line := range lines[3:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		proof = append(proof, hash)
	}
	size, root, err := opened([]byte(checkpoint), verifier)
	if err != nil {
		return err
	}
	return tlog.CheckRecord(proof, size, root, index, tlog.RecordHash(given.Entry))
}

// path returns where a tile is served; a tile is partial where fewer hashes than its width are left.
func path(level string, number, left int64) string {
	text := fmt.Sprintf("%03d", number%1000)
	for rest := number / 1000; rest > 0; rest /= 1000 {
		text = fmt.Sprintf("x%03d/%s", rest%1000, text)
	}
	if left < width {
		text += fmt.Sprintf(".p/%d", left)
	}
	return "tile/" + level + "/" + text
}

// cosigner checks cosignatures (c2sp.org/tlog-cosignature), which golang.org/x/mod does not know by itself.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }

func (c cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	seconds := binary.BigEndian.Uint64(signature)
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", seconds, text)
	return ed25519.Verify(c.key, []byte(message), signature[8:])
}

func newCosigner(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, fmt.Errorf("%q is no verifier key", vkey)
	}
	material, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(material) != 1+ed25519.PublicKeySize || material[0] != 4 {
		return nil, fmt.Errorf("%q is no verifier key of a witness", vkey)
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), material...))
	return cosigner{parts[0], binary.BigEndian.Uint32(sum[:]), material[1:]}, nil
}

// checkCosigned checks that a checkpoint is signed by the log and cosigned by the witness.
func checkCosigned(file, logKey, witnessKey string) error {
	signed, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	log, err := note.NewVerifier(logKey)
	if err != nil {
		return err
	}
	witness, err := newCosigner(witnessKey)
	if err != nil {
		return err
	}
	opened, err := note.Open(signed, note.VerifierList(log, witness))
	if err != nil {
		return err
	}
	if len(opened.Sigs) != 2 {
		return fmt.Errorf("signed by %d of both", len(opened.Sigs))
	}
	fmt.Printf("cosigned by %s\n", witness.Name())
	return nil
}
