/* One function for a column of texts that answers all that rules ask of each, as bits: every text is walked while it is
   in the cache. The bits mean what `domain/judging.py` says; what needs a closer look is left to it.

   Written to DuckDB's stable C extension API v1.2.0, whose table of functions only ever grows at its end. The few of
   its slots that are used here are named by their numbers, so that nothing has to be downloaded to compile this file. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* --- the API ------------------------------------------------------------------------------------------------------- */

typedef struct { void *slot[220]; } api_table;
typedef struct {
	void (*set_error)(void *info, const char *error);
	void **(*get_database)(void *info);
	const void *(*get_api)(void *info, const char *version);
} api_access;
typedef union {
	struct { uint32_t length; char prefix[4]; const char *pointer; } far_text;
	struct { uint32_t length; char bytes[12]; } near_text;
} text_t;
typedef void (*scalar_function)(void *info, void *chunk, void *output);

enum { TYPE_UBIGINT = 9, TYPE_VARCHAR = 17, TYPE_BLOB = 18 };
enum { LONGEST_NEAR = 12 };

static api_table api;
#define connect ((int (*)(void *, void **))api.slot[3])
#define disconnect ((void (*)(void **))api.slot[6])
#define create_type ((void *(*)(int))api.slot[156])
#define destroy_type ((void (*)(void **))api.slot[184])
#define chunk_vector ((void *(*)(void *, uint64_t))api.slot[190])
#define chunk_size ((uint64_t (*)(void *))api.slot[191])
#define vector_data ((void *(*)(void *))api.slot[194])
#define vector_validity ((uint64_t * (*)(void *))api.slot[195])
#define create_function ((void *(*)(void))api.slot[209])
#define destroy_function ((void (*)(void **))api.slot[210])
#define function_name ((void (*)(void *, const char *))api.slot[211])
#define function_handles_null ((void (*)(void *))api.slot[213])
#define function_parameter ((void (*)(void *, void *))api.slot[215])
#define function_returns ((void (*)(void *, void *))api.slot[216])
#define function_body ((void (*)(void *, scalar_function))api.slot[218])
#define register_function ((int (*)(void *, void *))api.slot[219])

/* --- texts --------------------------------------------------------------------------------------------------------- */

typedef struct { const uint8_t *bytes; uint32_t length; } text;

static text text_of(const text_t *cell) {
	text found = {(const uint8_t *)cell->near_text.bytes, cell->near_text.length};
	if (found.length > LONGEST_NEAR) found.bytes = (const uint8_t *)cell->far_text.pointer;
	return found;
}

/* The length of the white space at the beginning of a text, 0 if there is none: the EDGES of domain/values.py. */
static uint32_t edge_before(text t) {
	if (!t.length) return 0;
	uint8_t first = t.bytes[0];
	if (first == ' ' || (first >= '\t' && first <= '\r')) return 1;
	if (t.length >= 2 && first == 0xC2 && t.bytes[1] == 0xA0) return 2;
	if (t.length < 3) return 0;
	uint8_t second = t.bytes[1], third = t.bytes[2];
	bool is_edge = (first == 0xE3 && second == 0x80 && third == 0x80) || (first == 0xEF && second == 0xBB && third == 0xBF) ||
	               (first == 0xE2 && second == 0x80 && third == 0x8B);
	return is_edge ? 3 : 0;
}

static uint32_t edge_behind(text t) {
	if (!t.length) return 0;
	text last = {t.bytes + t.length - 1, 1};
	if (edge_before(last)) return 1;
	if (t.length >= 2) {
		text two = {t.bytes + t.length - 2, 2};
		if (edge_before(two) == 2) return 2;
	}
	if (t.length >= 3) {
		text three = {t.bytes + t.length - 3, 3};
		if (edge_before(three) == 3) return 3;
	}
	return 0;
}

static bool is_word(text t, const char *word) {
	if (t.length != strlen(word)) return false;
	for (uint32_t i = 0; i < t.length; i++) {
		uint8_t letter = t.bytes[i];
		if (letter >= 'a' && letter <= 'z') letter -= 32;
		if (letter != (uint8_t)word[i]) return false;
	}
	return true;
}

/* Bytes that a text which stands for nothing can begin with. */
static bool is_suspect[256];

static void fill_suspects(void) {
	static const uint8_t firsts[] = " \t\n\v\f\r\xC2\xE2\xE3\xEF#Nn\\-/\xE6\xE7";
	for (size_t i = 0; i + 1 < sizeof firsts; i++) is_suspect[firsts[i]] = true;
}

/* Whether a text stands for nothing: NOTHING of domain/values.py, of which no word is longer than six bytes. */
static bool is_nothing(text t) {
	static const char *const words[] = {"N/A", "#N/A", "NA", "NULL", "\\N", "NONE", "NAN", "-", "--", "—", "——", "/", "无", "空", "暂无"};
	if (!t.length) return true;
	if (!is_suspect[t.bytes[0]]) return false;
	for (uint32_t cut; (cut = edge_before(t));) t.bytes += cut, t.length -= cut;
	for (uint32_t cut; (cut = edge_behind(t));) t.length -= cut;
	if (!t.length) return true;
	if (t.length > 6) return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (is_word(t, words[i])) return true;
	return false;
}

static uint64_t letters_in(text t) {
	uint64_t letters = 0;
	for (uint32_t i = 0; i < t.length; i++) letters += (t.bytes[i] & 0xC0) != 0x80;
	return letters;
}

/* --- check characters ---------------------------------------------------------------------------------------------- */

enum { PASSES = 0, FAILS = 1, UNSURE = 2 };
enum { CITIZEN = 1, CREDIT = 2, MOD_11_2 = 4, MOD_37_36 = 8, MOD_97_10 = 16, LUHN = 32 };
enum { MOST_COMPACT = 96 };

static uint8_t credit_value[256];
static const uint8_t citizen_weight[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
static const uint8_t credit_weight[17] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};

static void fill_credit_values(void) {
	static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	memset(credit_value, 255, sizeof credit_value);
	for (uint8_t i = 0; alphabet[i]; i++) {
		uint8_t letter = (uint8_t)alphabet[i];
		credit_value[letter] = i;
		if (letter >= 'A') credit_value[letter + 32] = i;
	}
}

/* The character at a place, which moves on; texts are well-formed UTF-8. */
static uint32_t letter_at(text t, uint32_t *place) {
	uint8_t first = t.bytes[*place];
	if (first < 0x80) return (*place)++, first;
	uint32_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1, letter = first & (0x3F >> more);
	for (uint32_t k = 1; k <= more; k++) letter = letter << 6 | (t.bytes[*place + k] & 0x3F);
	*place += more + 1;
	return letter;
}

/* A letter that is not of ASCII as kernel/text.py narrows it; NO_LETTER where it is none of an identifier, 0 where only
   Python's tables know: the few capitals that fall apart into ASCII, and rare blanks. */
enum { NO_LETTER = 0xFF };

static uint8_t narrowed(uint32_t letter) {
	if (letter >= 0xFF01 && letter <= 0xFF5E) return (uint8_t)(letter - 0xFF01 + 0x21);
	switch (letter) {
	case 0x3000: case 0xA0: case 0x2002: case 0x2003: case 0x2009: case 0x202F: case 0xFEFF: return ' ';
	case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2212: return '-';
	default: return letter > 0x3000 && (letter < 0xFB00 || letter > 0xFB06) ? NO_LETTER : 0;
	}
}

static bool is_space(uint8_t letter) {
	return letter == ' ' || (letter >= '\t' && letter <= '\r') || (letter >= 0x1C && letter <= 0x1F);
}

/* Writes a text as kernel/text.py compacts it; the length, or -1 where only Python's tables know. */
static int compacted(text t, uint8_t *out) {
	uint8_t wide[MOST_COMPACT];
	int length = 0, first = 0, kept = 0;
	bool is_ascii = true;
	for (uint32_t i = 0; i < t.length; i++) is_ascii &= t.bytes[i] < 0x80;
	for (uint32_t i = 0; i < t.length;) {
		uint32_t letter = letter_at(t, &i);
		uint8_t plain = letter < 0x80 ? (uint8_t)letter : narrowed(letter);
		if (letter >= 0x80 && !plain) return -1;
		if (length == MOST_COMPACT) return -1;
		wide[length++] = plain == '\t' && !is_ascii ? ' ' : plain;
	}
	while (first < length && is_space(wide[first])) first++;
	while (length > first && is_space(wide[length - 1])) length--;
	for (int i = first; i < length; i++) {
		uint8_t letter = wide[i];
		if (letter == ' ' || letter == '-') continue;
		out[kept++] = letter >= 'a' && letter <= 'z' ? (uint8_t)(letter - 32) : letter;
	}
	return kept;
}

static bool is_day(const uint8_t *digits) {
	static const uint8_t days[13] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year = digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3];
	int month = digits[4] * 10 + digits[5], day = digits[6] * 10 + digits[7];
	if (year < 1800 || month < 1 || month > 12) return false;
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return day >= 1 && day <= days[month] + (month == 2 && is_leap);
}

static bool is_citizen_id(const uint8_t *letters) {
	uint8_t digits[17];
	int total = 0;
	for (int i = 0; i < 17; i++) {
		digits[i] = (uint8_t)(letters[i] - '0');
		if (digits[i] > 9) return false;
		total += digits[i] * citizen_weight[i];
	}
	if (digits[0] < 1 || digits[0] > 8 || !is_day(digits + 6)) return false;
	uint8_t last = letters[17] == 'x' ? 'X' : letters[17];
	return last == (uint8_t)"10X98765432"[total % 11];
}

static bool is_credit_code(const uint8_t *letters) {
	int total = 0;
	for (int i = 0; i < 17; i++) {
		uint8_t value = credit_value[letters[i]];
		if (value == 255 || (i >= 2 && i < 8 && value > 9)) return false;
		total += value * credit_weight[i];
	}
	return credit_value[letters[17]] == (31 - total % 31) % 31;
}

static int alphanumeric(uint8_t letter) {
	if (letter >= '0' && letter <= '9') return letter - '0';
	return letter >= 'A' && letter <= 'Z' ? letter - 'A' + 10 : -1;
}

static bool fits_mod_11_2(const uint8_t *letters, int length) {
	int total = 0;
	if (length < 2) return false;
	for (int i = 0; i < length; i++) {
		bool is_last = i == length - 1;
		int digit = is_last && letters[i] == 'X' ? 10 : letters[i] - '0';
		if (digit < 0 || (digit > 9 && !is_last) || digit > 10 || (digit == 10 && letters[i] != 'X')) return false;
		total = is_last ? total + digit : (total + digit) * 2 % 11;
	}
	return total % 11 == 1;
}

static bool fits_mod_37_36(const uint8_t *letters, int length) {
	int product = 36;
	if (length < 2) return false;
	for (int i = 0; i < length - 1; i++) {
		int value = alphanumeric(letters[i]);
		if (value < 0) return false;
		int sum = (product + value) % 36;
		product = (sum ? sum : 36) * 2 % 37;
	}
	return alphanumeric(letters[length - 1]) == (37 - product) % 36;
}

static bool fits_mod_97_10(const uint8_t *letters, int length) {
	int rest = 0;
	if (length <= 2) return false;
	for (int i = 0; i < length; i++) {
		if (letters[i] < '0' || letters[i] > '9') return false;
		rest = (rest * 10 + letters[i] - '0') % 97;
	}
	return rest == 1;
}

static bool fits_luhn(const uint8_t *letters, int length) {
	int total = 0;
	if (length < 2) return false;
	for (int i = 0; i < length; i++) {
		int digit = letters[length - 1 - i] - '0';
		if (digit < 0 || digit > 9) return false;
		int value = digit * (1 + i % 2);
		total += value > 9 ? value - 9 : value;
	}
	return total % 10 == 0;
}

/* The characters of a text from one place to another, counted from 1. */
static text part_of(text t, uint32_t first, uint32_t last) {
	uint32_t at = 0, begin = t.length, number = 0;
	while (at < t.length) {
		if (++number == first) begin = at;
		if (number > last) break;
		letter_at(t, &at);
	}
	text part = {t.bytes + begin, at > begin ? at - begin : 0};
	return part;
}

static int check(text t, uint8_t schemes) {
	uint8_t letters[MOST_COMPACT];
	if (t.length == 18 && schemes <= (CITIZEN | CREDIT)) { /* as it is mostly written */
		if (schemes & CREDIT && is_credit_code(t.bytes)) return PASSES;
		if (schemes & CITIZEN && is_citizen_id(t.bytes)) return PASSES;
	}
	int length = compacted(t, letters);
	if (length < 0) return UNSURE;
	bool is_right = false;
	if (length == 18) is_right = (schemes & CITIZEN && is_citizen_id(letters)) || (schemes & CREDIT && is_credit_code(letters));
	if (schemes & MOD_11_2) is_right |= fits_mod_11_2(letters, length);
	if (schemes & MOD_37_36) is_right |= fits_mod_37_36(letters, length);
	if (schemes & MOD_97_10) is_right |= fits_mod_97_10(letters, length);
	if (schemes & LUHN) is_right |= fits_luhn(letters, length);
	return is_right ? PASSES : FAILS;
}

/* --- patterns: an automaton over classes of characters, made by domain/automata.py ---------------------------------- */

typedef struct {
	const uint8_t *ascii, *accepting, *table, *class_of;
	const uint32_t *starts;
	uint32_t states, classes, ranges;
} automaton;

static automaton automaton_at(const uint8_t *at) {
	automaton a;
	uint32_t head[3];
	memcpy(head, at, sizeof head);
	a.states = head[0], a.classes = head[1], a.ranges = head[2];
	a.ascii = at + sizeof head;
	a.accepting = a.ascii + 128;
	a.class_of = a.accepting + a.states;
	a.table = a.class_of + a.ranges;
	a.starts = (const uint32_t *)(a.table + a.states * a.classes);
	return a;
}

static uint32_t start_at(const automaton *a, uint32_t range) {
	uint32_t start;
	memcpy(&start, (const uint8_t *)a->starts + range * sizeof start, sizeof start);
	return start;
}

static uint8_t class_beyond_ascii(const automaton *a, uint32_t point) {
	uint32_t low = 0, high = a->ranges;
	while (high - low > 1) {
		uint32_t middle = (low + high) / 2;
		if (start_at(a, middle) <= point) low = middle;
		else high = middle;
	}
	return a->class_of[low];
}

static bool accepts(const automaton *a, text t) {
	uint8_t state = 1; /* state 0 is the one that leads nowhere */
	for (uint32_t i = 0; i < t.length;) {
		uint8_t first = t.bytes[i], class;
		if (first < 0x80) {
			class = a->ascii[first];
			i++;
		} else {
			uint32_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
			uint32_t point = first & (0x3F >> more);
			for (uint32_t k = 1; k <= more; k++) point = point << 6 | (t.bytes[i + k] & 0x3F);
			class = class_beyond_ascii(a, point);
			i += more + 1;
		}
		state = a->table[state * a->classes + class];
		if (!state) return false;
	}
	return a->accepting[state];
}

/* --- code tables: a table of places, found by the hash of the text ------------------------------------------------- */

typedef struct {
	const uint8_t *slots, *words;
	uint32_t mask;
} code_table;

static code_table code_table_at(const uint8_t *at) {
	uint32_t slots;
	memcpy(&slots, at, sizeof slots);
	code_table found = {at + sizeof slots, at + sizeof slots + slots * sizeof slots, slots - 1};
	return found;
}

static uint32_t hash_of(text t) {
	uint32_t hash = 2166136261u;
	for (uint32_t i = 0; i < t.length; i++) hash = (hash ^ t.bytes[i]) * 16777619u;
	return hash ^ hash >> 15;
}

static bool is_listed(const code_table *table, text t) {
	for (uint32_t slot = hash_of(t);; slot++) {
		uint32_t place, length;
		memcpy(&place, table->slots + (slot & table->mask) * sizeof place, sizeof place);
		if (!place) return false;
		memcpy(&length, table->words + place - 1, sizeof length);
		if (length == t.length && !memcmp(table->words + place - 1 + sizeof length, t.bytes, length)) return true;
	}
}

/* --- the function -------------------------------------------------------------------------------------------------- */

/* A program is a row of questions: kind, option, the place of its two bits in the answer, the length of what follows, and
   that. The first of the bits means “fails”, the second “not asked”. Two more bits say that the text is empty, and that
   the exact path has to look at this row. */
enum { LENGTH = 1, CHECK = 2, PATTERN = 3, COMPLETE = 4, LIST = 5, DAY = 6, HEAD = 8 };
enum { MOST_QUESTIONS = 32 };
#define EMPTY (1ull << 62)
#define UNSURE_ROW (1ull << 63)

typedef struct {
	uint8_t kind, option;
	uint64_t fails;
	uint32_t least, most; /* limits of a length, or places of a check */
	uint8_t from, to;     /* a pattern can only be fulfilled where a byte lies between these */
	automaton pattern;
	code_table codes;
} question;

typedef struct {
	question questions[MOST_QUESTIONS];
	int count;
	uint64_t when_empty;
} program;

static void read_program(text code, program *p) {
	p->count = 0, p->when_empty = EMPTY;
	for (uint32_t at = 0; at + HEAD <= code.length && p->count < MOST_QUESTIONS; p->count++) {
		const uint8_t *head = code.bytes + at, *body = head + HEAD;
		question *q = &p->questions[p->count];
		uint32_t size;
		memcpy(&size, head + 4, sizeof size);
		q->kind = head[0], q->option = head[1], q->fails = 1ull << head[2];
		p->when_empty |= q->kind == COMPLETE ? q->fails : q->fails << 1;
		if (q->kind == LENGTH || q->kind == CHECK) {
			memcpy(&q->least, body, sizeof q->least);
			memcpy(&q->most, body + sizeof q->least, sizeof q->most);
		} else if (q->kind == LIST) {
			q->codes = code_table_at(body);
		} else if (q->kind == PATTERN || q->kind == DAY) {
			q->from = body[0], q->to = body[1];
			q->pattern = automaton_at(body + 4);
		}
		at += HEAD + size;
	}
}

static bool has_byte(text t, uint8_t from, uint8_t to) {
	uint8_t width = (uint8_t)(to - from), found = 0;
	for (uint32_t i = 0; i < t.length; i++) found |= (uint8_t)(t.bytes[i] - from) <= width;
	return found;
}

static bool matches(const question *q, text t) {
	if ((q->from || q->to != 255) && !has_byte(t, q->from, q->to)) return false;
	return accepts(&q->pattern, t);
}

/* Whether the first ten bytes (2024-03-05), or eight (20240305), are a day; a pattern has found digits there. */
static bool begins_with_day(text t, bool is_compact) {
	static const uint8_t wide[] = {0, 1, 2, 3, 5, 6, 8, 9};
	uint8_t digits[8];
	for (int i = 0; i < 8; i++) digits[i] = (uint8_t)(t.bytes[is_compact ? i : wide[i]] - '0');
	return is_day(digits);
}

static int answer(const question *q, text t) {
	switch (q->kind) {
	case LENGTH: {
		uint64_t letters = letters_in(t);
		return letters < q->least || letters > q->most ? FAILS : PASSES;
	}
	case CHECK: return check(q->least ? part_of(t, q->least, q->most) : t, q->option);
	case PATTERN: return matches(q, t) == q->option ? FAILS : PASSES; /* option: whether the pattern is forbidden */
	case LIST: return is_listed(&q->codes, t) ? PASSES : FAILS;
	case DAY: return accepts(&q->pattern, t) && begins_with_day(t, q->option) ? PASSES : FAILS;
	default: return PASSES;
	}
}

static uint64_t findings(text t, const program *p) {
	if (is_nothing(t)) return p->when_empty;
	uint64_t bits = 0;
	for (int i = 0; i < p->count; i++) {
		int said = answer(&p->questions[i], t);
		bits |= said == FAILS ? p->questions[i].fails : said == UNSURE ? UNSURE_ROW : 0;
	}
	return bits;
}

/* Columns of few different values repeat the same cells; their answers are remembered within a chunk. */
enum { MEMORIES = 256, TRIAL = 128, WORTH = TRIAL / 2 };
typedef struct { uint64_t cell[2], answer; bool is_set; } memory;

static uint64_t remembered(const text_t *cell, const program *p, memory *memories, uint32_t *hits) {
	uint64_t key[2];
	memcpy(key, cell, sizeof key);
	uint64_t mixed = (key[0] ^ key[1] * 0x9E3779B97F4A7C15ull) * 0xD6E8FEB86659FD93ull;
	memory *m = &memories[mixed >> 56];
	if (m->is_set && m->cell[0] == key[0] && m->cell[1] == key[1]) return ++*hits, m->answer;
	m->cell[0] = key[0], m->cell[1] = key[1], m->is_set = true;
	return m->answer = findings(text_of(cell), p);
}

static bool is_valid(const uint64_t *valid, uint64_t row) { return !valid || (valid[row / 64] >> (row % 64) & 1); }

static void findings_of_chunk(void *info, void *chunk, void *output) {
	(void)info;
	uint64_t rows = chunk_size(chunk);
	void *texts = chunk_vector(chunk, 0), *programs = chunk_vector(chunk, 1);
	const text_t *cells = vector_data(texts), *program_cells = vector_data(programs);
	const uint64_t *valid = vector_validity(texts);
	uint64_t *answers = vector_data(output), row = 0;
	memory memories[MEMORIES];
	uint32_t hits = 0;
	program p;
	if (!rows) return;
	read_program(text_of(program_cells), &p); /* a literal, the same for all rows */
	memset(memories, 0, sizeof memories);
	for (; row < rows && (row < TRIAL || hits >= WORTH); row++)
		answers[row] = is_valid(valid, row) ? remembered(&cells[row], &p, memories, &hits) : p.when_empty;
	for (; row < rows; row++)
		answers[row] = is_valid(valid, row) ? findings(text_of(&cells[row]), &p) : p.when_empty;
}

static bool add_function(void *connection) {
	void *text_type = create_type(TYPE_VARCHAR), *blob_type = create_type(TYPE_BLOB), *bits_type = create_type(TYPE_UBIGINT);
	void *function = create_function();
	function_name(function, "zhengshu_findings");
	function_parameter(function, text_type);
	function_parameter(function, blob_type);
	function_returns(function, bits_type);
	function_handles_null(function);
	function_body(function, findings_of_chunk);
	bool is_added = register_function(connection, function) == 0;
	destroy_function(&function);
	destroy_type(&text_type);
	destroy_type(&blob_type);
	destroy_type(&bits_type);
	return is_added;
}

__attribute__((visibility("default"))) bool zhengshu_quality_init_c_api(void *info, const api_access *access) {
	const api_table *found = access->get_api(info, "v1.2.0");
	void *connection;
	if (!found) return false;
	api = *found;
	fill_credit_values();
	fill_suspects();
	if (connect(*access->get_database(info), &connection)) {
		access->set_error(info, "no connection to the database");
		return false;
	}
	bool is_added = add_function(connection);
	disconnect(&connection);
	return is_added;
}
