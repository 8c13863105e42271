"""Makes a small vocabulary in the three file formats, and references.json: the ids that the originals give for texts.

Run with transformers, tokenizers, ftfy, regex and open_clip's tokenizer.py:
    python make_fixtures.py path/to/open_clip/tokenizer.py
The tests need no Python.
"""
import collections, gzip, importlib.util, json, os, random, re, sys
from transformers import CLIPTokenizer

here = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location("tokenizer", sys.argv[1])
open_clip = importlib.util.module_from_spec(spec)
spec.loader.exec_module(open_clip)

CONTEXT = 16
TEXT = """
a photo of a cat. a photo of the large dog. a bad photo of the small bird, itap of my cat! art of the zebra; it's a
dog's life, they're cats, we've seen birds, i'm sure you'll like it, he'd say. a photo of two dogs in a video game.
caf\u00e9 na\u00efve \u00fcber stra\u00dfe \u65e5\u672c\u8a9e \u65e5\u672c \u044d\u0442\u043e \u043a\u043e\u0442 \u043a\u043e\u0442 \U0001f600 \U0001f600 10 100 2024 ... !! ?! -- the cat sat on the mat with the other cats
""" * 3


def learn(text, count):
    """The merges of byte pairs that occur most, ties in the order of the pieces."""
    table = open_clip.bytes_to_unicode()
    words = collections.Counter()
    for word in re.findall(r"\S+", text.lower()):
        letters = [table[byte] for byte in word.encode()]
        letters[-1] += "</w>"
        words[tuple(letters)] += 1
    merges = []
    while len(merges) < count:
        pairs = collections.Counter()
        for word, times in words.items():
            for pair in zip(word, word[1:]):
                pairs[pair] += times
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        joined = collections.Counter()
        for word, times in words.items():
            result, place = [], 0
            while place < len(word):
                if word[place:place + 2] == best:
                    result.append(best[0] + best[1])
                    place += 2
                else:
                    result.append(word[place])
                    place += 1
            joined[tuple(result)] += times
        words = joined
    return merges


def folder(name):
    path = os.path.join(here, name)
    os.makedirs(path, exist_ok=True)
    return path


def write(path, value):
    with open(path, "w") as file:
        file.write(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=0) + "\n")


merges = learn(TEXT, 130)

# OpenAI's list; no line end after the last merge, which open_clip would read as one more.
listed = "small#version: 1\n" + "\n".join(" ".join(pair) for pair in merges)
with open(os.path.join(folder("list"), "bpe_simple_vocab_16e6.txt.gz"), "wb") as file:
    file.write(gzip.compress(listed.encode(), mtime=0))
simple = open_clip.SimpleTokenizer(os.path.join(here, "list/bpe_simple_vocab_16e6.txt.gz"), context_length=CONTEXT)

# vocab.json and merges.txt.
vocab = {piece: id for piece, id in simple.encoder.items() if id < len(simple.encoder) - 2}
vocab["<|startoftext|>"], vocab["<|endoftext|>"] = len(vocab), len(vocab) + 1
write(os.path.join(folder("pair"), "vocab.json"), vocab)
write(os.path.join(here, "pair/merges.txt"), "#version: 0.2\n" + "\n".join(" ".join(pair) for pair in merges) + "\n")

# tokenizer.json, which pads with '!'.
full = CLIPTokenizer(vocab=vocab, merges=merges, pad_token="!")
full.save_pretrained(folder("single"))
config = json.load(open(os.path.join(here, "single/tokenizer_config.json")))
write(os.path.join(here, "single/tokenizer_config.json"), {key: config[key] for key in config if key.endswith("_token")})
pair = CLIPTokenizer(vocab=vocab, merges=merges)

# 64 tokens, as tests of models have: most bytes are missing.
letters = list("abcdefghilmnoprstuz.")
tiny_vocab = {}
for piece in letters + [letter + "</w>" for letter in letters]:
    tiny_vocab[piece] = len(tiny_vocab)
tiny_merges = []
for left, right in merges:
    if len(tiny_vocab) < 62 and left in tiny_vocab and right in tiny_vocab and left + right not in tiny_vocab:
        tiny_vocab[left + right] = len(tiny_vocab)
        tiny_merges.append((left, right))
tiny_vocab["<|startoftext|>"], tiny_vocab["<|endoftext|>"] = 62, 63
tiny = CLIPTokenizer(vocab=tiny_vocab, merges=tiny_merges)
tiny.save_pretrained(folder("tiny"))
os.remove(os.path.join(here, "tiny/tokenizer_config.json"))

texts = [
    "", " ", "\n", "a photo of a cat.", "A PHOTO OF A CAT!", "a  photo\tof\n a cat", "it's the dog's", "IT'S THEY'RE we'VE",
    "'s 't 're 've 'm 'll 'd 'x ''s", "rock'n'roll don't", "2024 100 3.14 1,000", "\u00bd cup \u2163 \u0663", "caf\u00e9 cafe\u0301",
    "\u00dcBER STRA\u00dfE \u0130stanbul", "\u039f\u0394\u039f\u03a3 \u039f\u0394\u039f\u03a3.", "\u65e5\u672c\u8a9e\u306e\u732b", "\ud55c\uad6d\uc5b4 \u1112\u1161\u11ab\uae00", "\u044d\u0442\u043e \u041a\u041e\u0422", "\U0001f600\U0001f600 \U0001f1e9\U0001f1ea \U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\u201ccurly\u201d it\u2019s", "\ufb01ne \uff21\uff22\uff23 \uff76\uff9e", "a\u00a0b\u2003c\u3000d\u2028e", "a\x00b\x07c\x7fd \ufeffe", "a\u0085b\u0096c \u0301", "\u0345 it'\u017f",
    "cats &amp; dogs", "&lt;b&gt; &amp;amp; &amp;lt;", "&eacute;t&#233; &#xE9; &copy 2024 &notacat; &hellip;", "&rsquo;<&rsquo;", "&#0; &#150; &#x110000; &#xD800; &; &#; &x",
    "<|startoftext|>a<|endoftext|> b", "<start_of_text>a<end_of_text> b", "a.<|endoftext|>!", "!!! wow !", "?!?!...--", "e-mail: a.b@c.de #tag",
    "the cat sat on the mat with the other cats and the large dog of the small bird in a video game",
    "supercalifragilisticexpialidocious", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "a_photo_of_a_cat", "\u00df\u1e9e \u01c4 \u01c5", "x\u00b2 + y\u00b3",
]
choice = random.Random(1)
words = sorted(set(TEXT.split()))
pieces = words + list("'!?.,-&;#<>") + ["\u00e9", "e\u0301", "\u732b", "\u2019", "\U0001f600", "\u0416", "1", "23"]
for _ in range(120):
    texts.append("".join(choice.choice(pieces) + choice.choice(["", " "]) for _ in range(choice.randint(1, 9))))


def padded(ids, padding):
    return ids + [padding] * (CONTEXT - len(ids))


def rows(tokenizer, padding):
    return [padded(ids, padding) for ids in tokenizer(texts, truncation=True, max_length=CONTEXT).input_ids]


references = [
    {"text": text, "list": simple(text)[0].tolist(), "pair": pair_ids, "single": single_ids, "tiny": tiny_ids}
    for text, pair_ids, single_ids, tiny_ids in zip(
        texts, rows(pair, pair.pad_token_id), rows(full, full.pad_token_id), rows(tiny, tiny.pad_token_id))
]
write(os.path.join(here, "references.json"), "[\n" + ",\n".join(json.dumps(row) for row in references) + "\n]\n")
print(len(vocab), len(tiny_vocab), len(references))
