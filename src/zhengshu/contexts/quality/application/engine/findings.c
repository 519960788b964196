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

/* Whether a text stands for nothing: NOTHING of domain/values.py, of which no word is longer than six bytes. */
static bool is_nothing(text t) {
	static const char *const words[] = {"N/A", "#N/A", "NA", "NULL", "\\N", "NONE", "NAN", "-", "--", "—", "——", "/", "无", "空", "暂无"};
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
enum { CITIZEN = 1, CREDIT = 2 };

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

/* Full width, blanks and hyphens can be read by people: the exact path decides. */
static bool is_plain(text t) {
	for (uint32_t i = 0; i < t.length; i++)
		if (t.bytes[i] <= ' ' || t.bytes[i] >= 0x7F || t.bytes[i] == '-') return false;
	return true;
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

static int check(text t, uint8_t schemes) {
	if (!is_plain(t)) return UNSURE;
	if (t.length != 18) return FAILS;
	bool is_right = (schemes & CITIZEN && is_citizen_id(t.bytes)) || (schemes & CREDIT && is_credit_code(t.bytes));
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

/* --- the function -------------------------------------------------------------------------------------------------- */

/* A program is a row of questions: kind, two bytes of options, the length of what follows, and that. Bit 0 of the answer
   means empty; question n has bit 1 + 2n for “fails” and the next for “unsure”. */
enum { LENGTH = 1, CHECK = 2, PATTERN = 3, HEAD = 8 };

static uint64_t findings(text t, text program) {
	if (is_nothing(t)) return 1;
	uint64_t bits = 0;
	int bit = 1;
	for (uint32_t at = 0; at + HEAD <= program.length; bit += 2) {
		const uint8_t *question = program.bytes + at, *body = question + HEAD;
		uint32_t size, limits[2];
		memcpy(&size, question + 4, sizeof size);
		int said = PASSES;
		if (question[0] == LENGTH) {
			memcpy(limits, body, sizeof limits);
			uint64_t letters = letters_in(t);
			said = letters < limits[0] || letters > limits[1] ? FAILS : PASSES;
		} else if (question[0] == CHECK) {
			said = check(t, question[1]);
		} else {
			automaton a = automaton_at(body);
			said = accepts(&a, t) == question[1] ? FAILS : PASSES; /* question[1]: whether the pattern is forbidden */
		}
		bits |= (uint64_t)said << bit;
		at += HEAD + size;
	}
	return bits;
}

static void findings_of_chunk(void *info, void *chunk, void *output) {
	(void)info;
	uint64_t rows = chunk_size(chunk);
	void *texts = chunk_vector(chunk, 0), *programs = chunk_vector(chunk, 1);
	const text_t *cells = vector_data(texts), *program_cells = vector_data(programs);
	const uint64_t *valid = vector_validity(texts);
	uint64_t *answers = vector_data(output);
	for (uint64_t row = 0; row < rows; row++) {
		bool is_there = !valid || (valid[row / 64] >> (row % 64) & 1);
		answers[row] = is_there ? findings(text_of(&cells[row]), text_of(&program_cells[row])) : 1;
	}
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
	if (connect(*access->get_database(info), &connection)) {
		access->set_error(info, "no connection to the database");
		return false;
	}
	bool is_added = add_function(connection);
	disconnect(&connection);
	return is_added;
}
