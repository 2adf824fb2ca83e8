// Checks an export of Dripline with code that Dripline's authors did not write: Go's golang.org/x/mod/sumdb, which the Go project uses for its
// checksum database. It shares nothing with Dripline but the published formats (C2SP tlog-checkpoint, tlog-tiles, signed-note; RFC 6962).
//
//	main [-vkey KEY]... [-witness KEY]... [-against CHECKPOINT] DIR
//
// It checks, of the record in DIR and of the access log in DIR/access: the signature of the checkpoint, every entry (its place, its stream's version, its
// time), every payload against the digest that its entry commits to, the root, every tile and bundle, and that the log extends the older checkpoint.
package main

import (
	"bufio"
	"bytes"
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type keys []string

func (k *keys) String() string     { return strings.Join(*k, " ") }
func (k *keys) Set(s string) error { *k = append(*k, s); return nil }

// A checkpoint's text: origin, size, root. tlog.ParseTree wants the first line of Go's own database, so it is read here.
type checkpoint struct {
	origin string
	size   int64
	root   tlog.Hash
	// The witnesses whose cosignatures are good.
	witnesses []string
}

func parseCheckpoint(text string) (c checkpoint, err error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return c, errors.New("the checkpoint does not have three lines")
	}
	c.origin = lines[0]
	if c.size, err = strconv.ParseInt(lines[1], 10, 64); err != nil || c.size < 0 || strconv.FormatInt(c.size, 10) != lines[1] {
		return c, errors.New("the checkpoint's second line is not a size")
	}
	if c.root, err = tlog.ParseHash(lines[2]); err != nil {
		return c, errors.New("the checkpoint's third line is not a root")
	}
	return c, nil
}

// The hashes of the tree, as tlog stores them: one slice, in its order.
type storage []tlog.Hash

func (s storage) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(s)) {
			return nil, fmt.Errorf("there is no hash %d", index)
		}
		hashes[i] = s[index]
	}
	return hashes, nil
}

type entry struct {
	Clinic, Log, Stream, PayloadDigest, RecordedAt string
	Position, Version                              int64
	Override                                       *struct {
		ReasonDigest string `json:"reason_digest"`
	}
}

func (e *entry) UnmarshalJSON(data []byte) error {
	var raw struct {
		Clinic        string `json:"clinic"`
		Log           string `json:"log"`
		Stream        string `json:"stream"`
		PayloadDigest string `json:"payload_digest"`
		RecordedAt    string `json:"recorded_at"`
		Position      int64  `json:"position"`
		Version       int64  `json:"version"`
		Override      *struct {
			ReasonDigest string `json:"reason_digest"`
		} `json:"override"`
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	*e = entry{raw.Clinic, raw.Log, raw.Stream, raw.PayloadDigest, raw.RecordedAt, raw.Position, raw.Version, raw.Override}
	return nil
}

type payload struct {
	Position int64           `json:"position"`
	Salt     string          `json:"salt"`
	Erased   bool            `json:"erased"`
	Reason   *string         `json:"override_reason"`
	Payload  json.RawMessage `json:"payload"`
}

func main() {
	var given, witnesses keys
	flag.Var(&given, "vkey", "a verifier key that you have from elsewhere; without one the export's own is taken, which proves less")
	flag.Var(&witnesses, "witness", "a witness's verifier key: its cosignature must be good where there is one")
	against := flag.String("against", "", "an older checkpoint that was kept elsewhere")
	flag.Parse()
	if flag.NArg() != 1 {
		fmt.Fprintln(os.Stderr, "usage: verify-independently [-vkey KEY]... [-witness KEY]... [-against CHECKPOINT] DIR")
		os.Exit(2)
	}
	root := flag.Arg(0)
	seen := 0
	for _, folder := range []string{root, filepath.Join(root, "access")} {
		if _, err := os.Stat(filepath.Join(folder, "checkpoint")); errors.Is(err, os.ErrNotExist) {
			if entries, err := os.ReadFile(filepath.Join(folder, "entries.jsonl")); err == nil && len(entries) > 0 {
				fail(folder, errors.New("it holds entries and no checkpoint"))
			}
			continue
		}
		seen++
		line, err := verify(folder, given, witnesses, *against)
		if err != nil {
			fail(folder, err)
		}
		fmt.Println(line)
	}
	if seen == 0 {
		fail(root, errors.New("there is no checkpoint in it"))
	}
}

func fail(folder string, err error) {
	fmt.Fprintf(os.Stderr, "NOT verified: %s: %v\n", folder, err)
	os.Exit(1)
}

// A witness's key (C2SP tlog-cosignature), which note.NewVerifier does not know: its signature covers a time and the text.
type witness struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (w witness) Name() string    { return w.name }
func (w witness) KeyHash() uint32 { return w.hash }

func (w witness) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	time := binary.BigEndian.Uint64(signature)
	if time == 0 {
		return false
	}
	return ed25519.Verify(w.key, append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", time)), text...), signature[8:])
}

func parseWitness(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("it is not of the form name+id+key")
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != 0x04 {
		return nil, errors.New("it is not a witness's key")
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	hash := binary.BigEndian.Uint32(sum[:4])
	if fmt.Sprintf("%08x", hash) != parts[1] {
		return nil, errors.New("its id does not belong to its name and key")
	}
	return witness{parts[0], hash, ed25519.PublicKey(key[1:])}, nil
}

func verify(folder string, given, witnesses keys, against string) (string, error) {
	if len(given) == 0 {
		text, err := os.ReadFile(filepath.Join(folder, "vkey"))
		if err != nil {
			return "", err
		}
		given = strings.Fields(string(text))
	}
	var verifiers []note.Verifier
	for _, key := range given {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			return "", fmt.Errorf("the key %s: %v", key, err)
		}
		verifiers = append(verifiers, verifier)
	}
	for _, key := range witnesses {
		verifier, err := parseWitness(key)
		if err != nil {
			return "", fmt.Errorf("the witness's key %s: %v", key, err)
		}
		verifiers = append(verifiers, verifier)
	}
	list := note.VerifierList(verifiers...)
	state, err := open(filepath.Join(folder, "checkpoint"), list)
	if err != nil {
		return "", err
	}
	hashes, err := readEntries(folder, state)
	if err != nil {
		return "", err
	}
	computed, err := tlog.TreeHash(state.size, hashes)
	if err != nil {
		return "", err
	}
	if computed != state.root {
		return "", errors.New("the entries do not make the root that is signed")
	}
	if err := checkTiles(folder, state.size, hashes); err != nil {
		return "", err
	}
	grown := ""
	if against != "" {
		old, err := open(against, list)
		if err != nil {
			return "", fmt.Errorf("%s: %v", against, err)
		}
		if old.origin == state.origin {
			if err := checkGrowth(old, state, hashes); err != nil {
				return "", fmt.Errorf("%s: %v", against, err)
			}
			grown = fmt.Sprintf(", extends the checkpoint of %d", old.size)
		}
	}
	witnessed := ""
	if len(state.witnesses) > 0 {
		witnessed = ", cosigned by " + strings.Join(state.witnesses, ", ")
	}
	return fmt.Sprintf("verified: %s, %d entries, root %s%s%s", state.origin, state.size, state.root, grown, witnessed), nil
}

func open(path string, keys note.Verifiers) (checkpoint, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return checkpoint{}, err
	}
	signed, err := note.Open(text, keys)
	if err != nil {
		return checkpoint{}, err
	}
	state, err := parseCheckpoint(signed.Text)
	if err != nil {
		return checkpoint{}, err
	}
	isSigned := false
	for _, signature := range signed.Sigs {
		if signature.Name == state.origin {
			isSigned = true
		} else {
			state.witnesses = append(state.witnesses, signature.Name)
		}
	}
	if isSigned {
		return state, nil
	}
	return checkpoint{}, fmt.Errorf("%s is not signed by the key of %s", path, state.origin)
}

func checkGrowth(old, now checkpoint, hashes storage) error {
	if old.size > now.size {
		return fmt.Errorf("it has %d entries, the export %d", old.size, now.size)
	}
	if old.size == 0 || old.size == now.size {
		if old.size == now.size && old.root != now.root {
			return errors.New("another root at the same size: the history is not one")
		}
		return nil
	}
	proof, err := tlog.ProveTree(now.size, old.size, hashes)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(proof, now.size, now.root, old.size, old.root); err != nil {
		return errors.New("the log does not extend it: its history was rewritten")
	}
	return nil
}

// Reads the entries and payloads side by side, checks them, and gives the tree's hashes.
func readEntries(folder string, state checkpoint) (storage, error) {
	entries, err := lines(filepath.Join(folder, "entries.jsonl"))
	if err != nil {
		return nil, err
	}
	payloads, err := lines(filepath.Join(folder, "payloads.jsonl"))
	if err != nil {
		return nil, err
	}
	if int64(len(entries)) < state.size {
		return nil, fmt.Errorf("the checkpoint has %d entries, entries.jsonl %d", state.size, len(entries))
	}
	if len(payloads) != len(entries) {
		return nil, fmt.Errorf("entries.jsonl has %d lines, payloads.jsonl %d", len(entries), len(payloads))
	}
	var hashes storage
	versions := map[string]int64{}
	last := ""
	for i, line := range entries {
		n := int64(i + 1)
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, fmt.Errorf("entry %d is no JSON", n)
		}
		versions[e.Stream]++
		switch {
		case !strings.HasSuffix(state.origin, "/"+e.Clinic+"/"+e.Log):
			return nil, fmt.Errorf("entry %d is of another log", n)
		case e.Position != n:
			return nil, fmt.Errorf("entry %d says that it is at position %d", n, e.Position)
		case e.Version != versions[e.Stream]:
			return nil, fmt.Errorf("entry %d: its stream's version is %d and should be %d", n, e.Version, versions[e.Stream])
		case e.RecordedAt < last:
			return nil, fmt.Errorf("entry %d was recorded before the one before it", n)
		}
		last = e.RecordedAt
		if err := checkPayload(n, e, payloads[i]); err != nil {
			return nil, err
		}
		if n > state.size {
			continue
		}
		stored, err := tlog.StoredHashes(int64(i), line, hashes)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, stored...)
	}
	return hashes, nil
}

func checkPayload(n int64, e entry, line []byte) error {
	var p payload
	if err := json.Unmarshal(line, &p); err != nil {
		return fmt.Errorf("the payload of entry %d is no JSON", n)
	}
	if p.Position != n {
		return fmt.Errorf("the payload of entry %d says that it is at position %d", n, p.Position)
	}
	if p.Erased {
		return nil
	}
	salt, err := hex.DecodeString(p.Salt)
	if err != nil || len(salt) != 32 {
		return fmt.Errorf("the salt of entry %d is not 32 bytes", n)
	}
	if digest(salt, p.Payload) != e.PayloadDigest {
		return fmt.Errorf("the payload of entry %d does not match the digest that its entry commits to", n)
	}
	if e.Override != nil {
		if p.Reason == nil || digest(salt, []byte(*p.Reason)) != e.Override.ReasonDigest {
			return fmt.Errorf("the override's reason of entry %d does not match its digest", n)
		}
	}
	return nil
}

func digest(salt, message []byte) string {
	code := hmac.New(sha256.New, salt)
	code.Write(message)
	return hex.EncodeToString(code.Sum(nil))
}

// tlog's paths carry the height of its tiles ("tile/8/0/001"); C2SP's do not.
func checkTiles(folder string, size int64, hashes storage) error {
	for _, tile := range tlog.NewTiles(8, 0, size) {
		// A tile that grew from partial to full is listed in both forms; an export has the last one.
		if width := (size >> (8 * uint(tile.L))) - tile.N<<8; int64(tile.W) < width && tile.W < 256 {
			continue
		}
		data, err := tlog.ReadTileData(tile, hashes)
		if err != nil {
			return err
		}
		path := strings.Replace(tile.Path(), "tile/8/", "tile/", 1)
		stored, err := os.ReadFile(filepath.Join(folder, path))
		if err != nil {
			return err
		}
		if !bytes.Equal(stored, data) {
			return fmt.Errorf("%s does not hold the hashes of the entries", path)
		}
		if tile.L == 0 {
			if err := checkBundle(folder, tile, data); err != nil {
				return err
			}
		}
	}
	return nil
}

// A bundle holds the entries whose hashes the tile holds, each with its length before it.
func checkBundle(folder string, tile tlog.Tile, data []byte) error {
	path := strings.Replace(tile.Path(), "tile/8/0/", "tile/entries/", 1)
	bundle, err := os.ReadFile(filepath.Join(folder, path))
	if err != nil {
		return err
	}
	for i := 0; i < tile.W; i++ {
		if len(bundle) < 2 || len(bundle) < 2+int(bundle[0])<<8+int(bundle[1]) {
			return fmt.Errorf("%s ends within an entry", path)
		}
		length := int(bundle[0])<<8 + int(bundle[1])
		hash := tlog.RecordHash(bundle[2 : 2+length])
		if !bytes.Equal(hash[:], data[i*32:i*32+32]) {
			return fmt.Errorf("%s does not hold the entries", path)
		}
		bundle = bundle[2+length:]
	}
	if len(bundle) > 0 {
		return fmt.Errorf("%s holds more than its entries", path)
	}
	return nil
}

func lines(path string) ([][]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	var all [][]byte
	scanner := bufio.NewScanner(file)
	scanner.Buffer(make([]byte, 1<<20), 1<<28)
	for scanner.Scan() {
		all = append(all, append([]byte(nil), scanner.Bytes()...))
	}
	return all, scanner.Err()
}
