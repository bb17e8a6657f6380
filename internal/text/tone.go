package text

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

const tones = "\u0300\u0301\u0303\u0309\u0323"

// placeTone moves the tone of a lower-case syllable to where older spelling puts it: hoà becomes hòa, thuý becomes thúy, quý stays. A
// syllable has one tone at most, so its place never tells two words apart.
func placeTone(word string) string {
	letters, tone := splitTone(word)
	if tone == 0 {
		return word
	}
	from, to := nucleus(letters)
	if from == to {
		return word
	}
	at := tonePlace(letters, from, to)
	letters[at] += string(tone)
	return norm.NFC.String(strings.Join(letters, ""))
}

// splitTone returns the letters without tone and the tone; 0 where there is none or, in no Vietnamese word, more than one.
func splitTone(word string) ([]string, rune) {
	var letters []string
	var tone rune
	for _, r := range norm.NFD.String(word) {
		switch {
		case strings.ContainsRune(tones, r):
			if tone != 0 {
				return nil, 0
			}
			tone = r
		case isQuality(r) && len(letters) > 0:
			letters[len(letters)-1] += string(r)
		default:
			letters = append(letters, string(r))
		}
	}
	return letters, tone
}

// isQuality reports the marks that make another vowel: â, ă, ơ.
func isQuality(r rune) bool { return r == '\u0302' || r == '\u0306' || r == '\u031b' }

// nucleus returns where the vowels stand, without the u of qu and the i of gi before another vowel; from equals to where the word is no
// plain syllable.
func nucleus(letters []string) (from, to int) {
	from = slices.IndexFunc(letters, isVowel)
	if from < 0 {
		return 0, 0
	}
	to = from
	for to < len(letters) && isVowel(letters[to]) {
		to++
	}
	if slices.ContainsFunc(letters[to:], isVowel) {
		return 0, 0
	}
	glide := from == 1 && to > from+1 &&
		(letters[0] == "q" && letters[1] == "u" || letters[0] == "g" && letters[1] == "i")
	if glide {
		from++
	}
	return from, to
}

func isVowel(letter string) bool { return strings.Contains("aeiouy", letter[:1]) }

// tonePlace returns the letter that bears the tone: the last of ă â ê ô ơ ư; else the last vowel before a final consonant; else the
// middle one of three or the first of two.
func tonePlace(letters []string, from, to int) int {
	for at := to - 1; at >= from; at-- {
		if len(letters[at]) > 1 {
			return at
		}
	}
	switch {
	case to < len(letters):
		return to - 1
	case to-from == 3:
		return from + 1
	default:
		return from
	}
}
