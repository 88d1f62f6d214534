using System.Text.Json.Nodes;
using ModelBuild.Text.Tests.Support;

namespace ModelBuild.Text.Tests;

/// <summary>What <see cref="TextTokenizer"/> does beside the ids of words: special tokens, pairs, lengths, padding, settings, and unusual texts.</summary>
public sealed class TextTokenizerTests : IDisposable
{
    private static readonly IReadOnlyList<string> Vocabulary = SmallTokenizers.Vocabulary();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_pair_has_type_ids_and_the_offsets_of_both_texts()
    {
        using var tokenizer = Load();

        var encoded = tokenizer.Encode("hello world", "the fox");

        Assert.Equal(["[CLS]", "hello", "world", "[SEP]", "the", "fox", "[SEP]"], Tokens(encoded));
        Assert.Equal([0, 0, 0, 0, 1, 1, 1], encoded.TypeIds.ToArray());
        Assert.Equal([1, 1, 1, 1, 1, 1, 1], encoded.Mask.ToArray());
        Assert.Equal(new TokenOffset(6, 5), encoded.Offsets[2]);
        Assert.Equal(new TokenOffset(4, 3, sequence: 1), encoded.Offsets[5]);
        Assert.False(encoded.Offsets[3].HasText);
        Assert.False(encoded.IsTruncated);
    }

    [Theory]
    [InlineData("hello hello hello hello hello", "fox", "hello hello hello hello", "fox")]
    [InlineData("hello", "fox fox fox fox fox fox", "hello", "fox fox fox fox")]
    [InlineData("hello hello hello hello hello", "fox fox fox fox fox", "hello hello", "fox fox fox")]
    [InlineData("hello hello hello hello", "fox fox fox", "hello hello hello", "fox fox")]
    [InlineData("hello hello", "fox fox fox", "hello hello", "fox fox fox")]
    public void The_longer_text_of_a_pair_loses_tokens_first(string first, string second, string keptFirst, string keptSecond)
    {
        _folder.Write("vocab.txt", string.Join('\n', Vocabulary));
        using var tokenizer = TextTokenizer.Load(_folder.Path, maxLength: 8);

        var encoded = tokenizer.Encode(first, second);

        Assert.Equal($"[CLS] {keptFirst} [SEP] {keptSecond} [SEP]", string.Join(' ', Tokens(encoded)));
        Assert.Equal((keptFirst, keptSecond) != (first, second), encoded.IsTruncated);
    }

    [Theory]
    [InlineData("Right")]
    [InlineData("Left")]
    public void A_long_text_is_cut_as_Hugging_Face_cuts_it(string side)
    {
        var document = SmallTokenizers.WordPiece(Vocabulary);
        document["truncation"] = new JsonObject
        {
            ["direction"] = side,
            ["max_length"] = 6,
            ["strategy"] = "LongestFirst",
            ["stride"] = 0,
        };
        var path = _folder.Write("tokenizer.json", document.ToJsonString());
        using var oracle = Oracle.Open(path);
        using var tokenizer = TextTokenizer.Load(path);
        const string text = "the quick brown fox jumps over the lazy dog";

        var encoded = tokenizer.Encode(text);

        Assert.Equal(oracle.Ids(text), encoded.Ids.ToArray());
        Assert.True(encoded.IsTruncated);
        Assert.Equal(encoded.Length, encoded.Offsets.Length);
        Assert.Equal(side == "Left" ? "dog" : "fox", text.Substring(encoded.Offsets[4].Start, encoded.Offsets[4].Length));
        Assert.False(tokenizer.Encode("the fox").IsTruncated);
    }

    [Theory]
    [InlineData("right", "2 10 3 0 0 ", "1 1 1 0 0 ")]
    [InlineData("left", "0 0 2 10 3 ", "0 0 1 1 1 ")]
    public void Rows_of_a_batch_are_filled_on_the_side_that_the_files_say(string side, string ids, string mask)
    {
        Write($$"""{ "padding_side": "{{side}}" }""");
        using var tokenizer = TextTokenizer.Load(_folder.Path);

        var batch = tokenizer.Encode(["the quick brown", "lazy"]);

        Assert.Equal((2, 5, 8), (batch.Rows, batch.Length, batch.TokenCount));
        Assert.Equal(ids, Numbers(batch.Ids[5..]));
        Assert.Equal(mask, Numbers(batch.Mask[5..]));
        Assert.Equal(batch.Ids.Select(id => (int)id), batch.IdsAsInt32());
        Assert.Equal(batch.Mask.Select(value => (int)value), batch.MaskAsInt32());
        Assert.Equal(new int[10], batch.TypeIdsAsInt32());

        static string Numbers(long[] values) => string.Concat(values.Select(value => $"{value} "));
    }

    [Fact]
    public void A_batch_of_pairs_has_the_rows_of_its_pairs()
    {
        using var tokenizer = Load();

        var batch = tokenizer.Encode(["hello", "fox"], ["the world", "dog"]);

        Assert.Equal(tokenizer.Encode("hello", "the world").Ids.ToArray(), batch.IdsAsInt32()[..6]);
        Assert.Equal([0, 0, 0, 1, 1, 0], batch.TypeIds[6..]);
        Assert.Throws<ArgumentException>(() => tokenizer.Encode(["a"], []));
    }

    [Fact]
    public void An_empty_batch_has_no_rows()
    {
        using var tokenizer = Load();

        var batch = tokenizer.Encode([]);

        Assert.Equal((0, 0), (batch.Rows, batch.Ids.Length));
    }

    [Theory]
    [InlineData("""{ "model_max_length": 1000000000000000019884624838656 }""", null, null, null)]
    [InlineData("""{ "model_max_length": 512 }""", null, null, 512)]
    [InlineData("""{ "model_max_length": 512 }""", """{ "max_seq_length": 256 }""", null, 256)]
    [InlineData("{}", null, """{ "max_position_embeddings": 128 }""", 128)]
    [InlineData("{}", null, """{ "model_type": "roberta", "max_position_embeddings": 514, "pad_token_id": 1 }""", 512)]
    public void The_maximum_is_the_smallest_that_the_files_name(string settings, string? sentences, string? model, int? expected)
    {
        Write(settings);
        if (sentences is not null)
            _folder.Write("sentence_bert_config.json", sentences);
        if (model is not null)
            _folder.Write("config.json", model);

        using var tokenizer = TextTokenizer.Load(_folder.Path);

        Assert.Equal(expected, tokenizer.MaxLength);
        Assert.Equal(expected, TextModelFolder.Read(_folder.Path).MaxLength);
    }

    [Fact]
    public void Settings_beside_a_vocabulary_are_used()
    {
        Write("""{ "do_lower_case": false, "strip_accents": true, "tokenize_chinese_chars": false, "pad_token": { "content": "[MASK]" } }""");
        using var tokenizer = TextTokenizer.Load(_folder.Path);

        Assert.Equal(4, tokenizer.PadId);
        Assert.Equal(["Hello", "cafe", "一", "##一"], Tokens(tokenizer.Encode("Hello café 一一"))[1..^1]);
    }

    [Fact]
    public void A_file_and_streams_give_the_tokenizer_of_a_folder()
    {
        var path = Write("""{ "model_max_length": 5 }""");
        using var folder = TextTokenizer.Load(_folder.Path);
        using var file = TextTokenizer.Load(path);
        using var streams = TextTokenizer.Load(
            new Dictionary<string, Func<Stream>>
            {
                ["vocab.txt"] = () => File.OpenRead(path),
                ["tokenizer_config.json"] = SmallTokenizers.Stream("""{ "model_max_length": 5 }"""),
            }
        );
        const string text = "the quick brown fox";

        Assert.Equal(folder.Encode(text).Ids.ToArray(), file.Encode(text).Ids.ToArray());
        Assert.Equal(folder.Encode(text).Ids.ToArray(), streams.Encode(text).Ids.ToArray());
        Assert.Equal((5, 5), (file.MaxLength, streams.MaxLength));
    }

    [Fact]
    public void A_token_is_found_by_its_text()
    {
        using var tokenizer = Load();

        Assert.Equal(4, tokenizer.FindId("[MASK]"));
        Assert.Null(tokenizer.FindId("[mask]"));
        Assert.True(tokenizer.IsSpecial(4));
        Assert.False(tokenizer.IsSpecial(5));
        Assert.Equal(Vocabulary.Count, tokenizer.VocabularySize);
    }

    /// <summary>BERT removes the replacement character, and other tokenizers encode it.</summary>
    [Theory]
    [InlineData("a\uD800b")]
    [InlineData("a\uDC00b")]
    [InlineData("a\uDC00\uD800b")]
    [InlineData("a\uD800")]
    public void A_lone_surrogate_is_encoded_as_the_replacement_character(string text)
    {
        Oracle.Need();
        using var wordPiece = Load();
        using var byteLevel = SmallTokenizers.Load(SmallTokenizers.ByteLevel());
        var replaced = text.Replace('\uD800', '\uFFFD').Replace('\uDC00', '\uFFFD');

        Assert.Equal(wordPiece.Encode(replaced).Ids.ToArray(), wordPiece.Encode(text).Ids.ToArray());
        Assert.Equal(byteLevel.Encode(replaced).Ids.ToArray(), byteLevel.Encode(text).Ids.ToArray());
        Assert.Equal(byteLevel.Encode(replaced).Offsets.ToArray(), byteLevel.Encode(text).Offsets.ToArray());
        Assert.Equal(replaced, byteLevel.Decode(byteLevel.Encode(text).Ids));
    }

    [Fact]
    public void Null_characters_are_encoded_by_byte_level_tokenizers_and_removed_by_BERT()
    {
        Oracle.Need();
        using var wordPiece = Load();
        using var byteLevel = SmallTokenizers.Load(SmallTokenizers.ByteLevel());

        Assert.Equal(2, wordPiece.Encode("\0").Length);
        Assert.Equal("a\0b\u0001", byteLevel.Decode(byteLevel.Encode("a\0b\u0001").Ids));
        Assert.Equal(3, byteLevel.Encode("\0").Length);
    }

    [Fact]
    public void An_empty_text_has_only_special_tokens()
    {
        Oracle.Need();
        using var wordPiece = Load();
        using var byteLevel = SmallTokenizers.Load(SmallTokenizers.ByteLevel());

        Assert.Equal([2, 3], wordPiece.Encode("").Ids.ToArray());
        Assert.Equal([2, 3, 3], wordPiece.Encode("", "").Ids.ToArray());
        Assert.Equal([266, 267], byteLevel.Encode("").Ids.ToArray());
        Assert.Equal([266, 267, 267, 267], byteLevel.Encode("", "").Ids.ToArray());
    }

    [Fact]
    public void A_text_of_a_megabyte_is_encoded()
    {
        Oracle.Need();
        using var wordPiece = Load();
        using var byteLevel = SmallTokenizers.Load(SmallTokenizers.ByteLevel());
        var text = string.Concat(Enumerable.Repeat("hello the fox, ", 70_000));

        Assert.Equal(4 * 70_000 + 2, wordPiece.Encode(text).Length);
        Assert.Equal(text, byteLevel.Decode(byteLevel.Encode(text).Ids));
        Assert.Equal([2, 1, 3], wordPiece.Encode(new string('x', 1_000_000)).Ids.ToArray());
    }

    [Theory]
    [InlineData("tokenizer_config.json", """{ "tokenizer_class": "MPNetTokenizer" }""")]
    [InlineData("tokenizer_config.json", """{ "tokenizer_class": "MPNetTokenizerFast", "cls_token": "<s>", "sep_token": { "content": "</s>" } }""")]
    [InlineData("config.json", """{ "model_type": "mpnet" }""")]
    public void A_vocabulary_of_MPNet_has_the_special_tokens_of_MPNet(string file, string content)
    {
        _folder.Write("vocab.txt", "<s>\n<pad>\n</s>\n[UNK]\n<mask>\nthe\nfox\nhello\n");
        _folder.Write(file, content);
        using var tokenizer = TextTokenizer.Load(_folder.Path);

        var pair = tokenizer.Encode("hello", "the fox");

        Assert.Equal([0, 7, 2, 2, 5, 6, 2], pair.Ids.ToArray());
        Assert.Equal(new int[7], pair.TypeIds.ToArray());
        Assert.Equal([-1, 0, -1, -1, 1, 1, -1], pair.Offsets.ToArray().Select(offset => offset.Sequence));
        Assert.Equal([0, 5, 4, 2], tokenizer.Encode("the <mask>").Ids.ToArray());
        Assert.Equal("the fox", tokenizer.Decode(pair.Ids[4..]));
        Assert.Equal(1, tokenizer.PadId);
    }

    [Theory]
    [InlineData("BertJapaneseTokenizer")]
    [InlineData("PhobertTokenizer")]
    [InlineData("SplinterTokenizerFast")]
    [InlineData("FunnelTokenizer")]
    public void A_vocabulary_of_a_class_that_is_not_like_BERT_is_refused(string name)
    {
        var file = Write($$"""{ "tokenizer_class": "{{name}}" }""");

        var fault = Assert.Throws<TokenizerException>(() => TextTokenizer.Load(_folder.Path));

        Assert.Equal(file, fault.File);
        Assert.Contains($"The tokens of '{name}' are not those of BERT. Put a tokenizer.json", fault.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokenizer_config.json", """{ "eos_token": "[SEP]" }""", 3)]
    [InlineData("special_tokens_map.json", """{ "eos_token": { "content": "[MASK]" } }""", 4)]
    [InlineData("tokenizer_config.json", """{ "eos_token": "missing" }""")]
    [InlineData("tokenizer_config.json", """{ "eos_token": null }""")]
    public void The_token_that_ends_a_text_is_the_last_choice(string file, string content, params int[] expected)
    {
        _folder.Write("vocab.txt", string.Join('\n', Vocabulary));
        _folder.Write("tokenizer.json", SmallTokenizers.WordPiece(Vocabulary).ToJsonString());
        _folder.Write(file, content);

        foreach (var path in new[] { _folder.Path, _folder.File("vocab.txt") })
        {
            using var tokenizer = TextTokenizer.Load(path);
            Assert.Equal(expected, tokenizer.Model.StopTokens);
        }

        _folder.Write("config.json", """{ "eos_token_id": 9 }""");
        using var named = TextTokenizer.Load(_folder.Path);
        Assert.Equal([9], named.Model.StopTokens);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        using var tokenizer = Load();

        Assert.Throws<ArgumentNullException>(() => tokenizer.Encode((string)null!));
        Assert.Throws<ArgumentNullException>(() => tokenizer.Encode("a", (string)null!));
        Assert.Throws<ArgumentException>(() => TextTokenizer.Load(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => TextTokenizer.Load(_folder.Path, 0));
    }

    private static TextTokenizer Load() => SmallTokenizers.Load(SmallTokenizers.WordPiece(Vocabulary));

    private static string[] Tokens(EncodedText text) => [.. text.Ids.ToArray().Select(id => Vocabulary[id])];

    private string Write(string settings)
    {
        _folder.Write("tokenizer_config.json", settings);
        return _folder.Write("vocab.txt", string.Join('\n', Vocabulary) + "\n");
    }
}
