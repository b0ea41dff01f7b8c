package decimal

import "math/big"

// IsMultiple reports whether a number is an integer multiple of another. The signs do not matter. The only multiple of
// zero is zero.
//
// Let the numbers be v × 10^a and w × 10^b, where v and w are integers that do not end with a zero. If a is less than b,
// no integer times w × 10^(b-a) is v, since v would end with a zero. Else w must divide v × 10^(a-b). Ten has the
// factors 2 and 5, and w has fewer of each than it has bits, so a power of ten beyond that many changes nothing.
func IsMultiple(number, of string) bool {
	if n, ok := SmallInteger(number); ok {
		if m, ok := SmallInteger(of); ok && m != 0 {
			return n%m == 0
		}
	}
	x, y := normalize(number), normalize(of)
	if x.sign() == 0 || y.sign() == 0 {
		return x.sign() == 0
	}
	power := unitsBetween(x, y)
	if power < 0 {
		return false
	}
	if y.size() > smallDigits {
		return isLongMultiple(x, y, power)
	}
	w := uint64(0)
	for i := range y.size() {
		w = 10*w + uint64(y.digit(i)-'0')
	}
	rest := uint64(0)
	for i := range x.size() {
		rest = (10*rest + uint64(x.digit(i)-'0')) % w
	}
	for range min(power, 64) {
		rest = 10 * rest % w
	}
	return rest == 0
}

// isLongMultiple is IsMultiple for a w of more than 18 digits. It processes v in chunks of 18 digits, so its time is
// linear in the length of v.
func isLongMultiple(x, y decimal, power int64) bool {
	w, _ := new(big.Int).SetString(y.whole+y.fraction, 10)
	rest := new(big.Int)
	for at := 0; at < x.size(); {
		n, scale := int64(0), int64(1)
		for end := min(at+smallDigits, x.size()); at < end; at++ {
			n, scale = 10*n+int64(x.digit(at)-'0'), 10*scale
		}
		rest.Mul(rest, big.NewInt(scale))
		rest.Add(rest, big.NewInt(n))
		rest.Mod(rest, w)
	}
	zeros := min(power, int64(w.BitLen()))
	rest.Mul(rest, new(big.Int).Exp(big.NewInt(10), big.NewInt(zeros), w))
	return rest.Mod(rest, w).Sign() == 0
}
