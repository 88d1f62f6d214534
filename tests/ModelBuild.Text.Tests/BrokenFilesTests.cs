using System.Text;
using System.Text.Json.Nodes;
using ModelBuild.Text.Tests.Support;

namespace ModelBuild.Text.Tests;

/// <summary>Files that are broken give one kind of exception with the file and the reason.</summary>
public sealed class BrokenFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tokenizer.json", "", "broken")]
    [InlineData("tokenizer.json", "{", "broken")]
    [InlineData("tokenizer.json", "[]", "broken")]
    [InlineData("tokenizer.json", "{}", "broken")]
    [InlineData("tokenizer.json", """{ "model": { "type": "BPE", "vocab": {} } }""", "empty")]
    [InlineData("tokenizer.json", """{ "model": { "type": "BPE", "vocab": { "a": -1 } } }""", "-1")]
    [InlineData("tokenizer.json", """{ "model": { "type": "BPE", "vocab": { "a": 2000000000 } } }""", "2000000000")]
    [InlineData("tokenizer.json", """{ "model": { "type": "BPE", "vocab": { "a": "b" } } }""", "broken")]
    [InlineData("tokenizer.json", """{ "post_processor": { "type": "Other" }, "model": { "vocab": { "a": 0 } } }""", "'Other'")]
    [InlineData(
        "tokenizer.json",
        """{ "post_processor": { "type": "BertProcessing", "cls": ["x", 7], "sep": ["y", 0] }, "model": { "vocab": { "a": 0 } } }""",
        "7"
    )]
    [InlineData("tokenizer.json", """{ "added_tokens": [{ "id": 1, "content": "" }], "model": { "vocab": { "a": 0 } } }""", "empty")]
    [InlineData("vocab.txt", "", "[UNK]")]
    [InlineData("vocab.txt", "[UNK]\n[CLS]\n", "[SEP]")]
    [InlineData("tokenizer.model", "", "no pieces")]
    [InlineData("tokenizer.model", "\u000A", "ends early")]
    [InlineData("tokenizer.model", "hello", "broken")]
    public void A_broken_file_is_named_with_the_reason(string name, string content, string reason)
    {
        _folder.Write(name, content);

        var fault = Assert.Throws<TokenizerException>(() => TextTokenizer.Load(_folder.Path));

        Assert.EndsWith(name, fault.File, StringComparison.Ordinal);
        Assert.Contains(reason, fault.Reason, StringComparison.Ordinal);
        Assert.Contains(fault.File, fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tokenizer_config.json", """{ "model_max_length": "x" }""")]
    [InlineData("tokenizer_config.json", """{ "do_lower_case": 3 }""")]
    [InlineData("special_tokens_map.json", "[1]")]
    [InlineData("config.json", "{ 'a' }")]
    public void A_broken_configuration_is_named(string name, string content)
    {
        _folder.Write("vocab.txt", string.Join('\n', SmallTokenizers.Vocabulary()));
        _folder.Write(name, content);

        var fault = Assert.Throws<TokenizerException>(() => TextTokenizer.Load(_folder.Path));

        Assert.EndsWith(name, fault.File, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_files_are_named()
    {
        Assert.Contains("no such file", Assert.Throws<TokenizerException>(() => TextTokenizer.Load("no/such")).Reason, StringComparison.Ordinal);
        Assert.Contains("vocab.txt", Assert.Throws<TokenizerException>(() => TextTokenizer.Load(_folder.Path)).Reason, StringComparison.Ordinal);
        Assert.Contains(
            "A tokenizer is",
            Assert.Throws<TokenizerException>(() => TextTokenizer.Load(_folder.Write("a.bin", ""))).Reason,
            StringComparison.Ordinal
        );
        Assert.Throws<TokenizerException>(() => TextTokenizer.Load(new Dictionary<string, Func<Stream>>()));
    }

    [Fact]
    public void A_maximum_that_leaves_no_room_for_text_is_an_error()
    {
        _folder.Write("vocab.txt", string.Join('\n', SmallTokenizers.Vocabulary()));

        Assert.Contains("no room", Assert.Throws<TokenizerException>(() => TextTokenizer.Load(_folder.Path, maxLength: 3)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_the_native_library_does_not_take_is_the_same_kind_of_error()
    {
        Oracle.Need();
        var document = SmallTokenizers.ByteLevel();
        document["model"]!["merges"] = new JsonArray(new JsonArray("no", "such"));

        var fault = Assert.Throws<TokenizerException>(() => SmallTokenizers.Load(document));

        Assert.Contains("Hugging Face's library does not take the file", fault.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Mutated_files_load_or_give_the_exception()
    {
        Oracle.Need();
        var word = Encoding.UTF8.GetBytes(SmallTokenizers.WordPiece([.. SmallTokenizers.Specials, "a", "##a"]).ToJsonString());
        var bytes = Encoding.UTF8.GetBytes(SmallTokenizers.ByteLevel().ToJsonString());
        var (loaded, refused) = (0, 0);
        for (var seed = 0u; seed < 1500; seed++)
        {
            var mutated = (seed % 2 == 0 ? word : bytes).ToArray();
            for (var change = 0u; change <= seed % 3; change++)
                mutated[Mix(seed * 7 + change) % mutated.Length] = mutated[Mix(seed * 13 + change + 1) % mutated.Length];
            try
            {
                using var tokenizer = TextTokenizer.Load(new Dictionary<string, Func<Stream>> { ["tokenizer.json"] = () => new MemoryStream(mutated) });
                tokenizer.Encode("a aa [SEP] hello");
                loaded++;
            }
            catch (TokenizerException)
            {
                refused++;
            }
        }

        Assert.True(loaded > 50 && refused > 50, $"{loaded} loaded, {refused} refused");

        static uint Mix(uint value)
        {
            value = (value ^ (value >> 16)) * 0x45D9F3B;
            value = (value ^ (value >> 16)) * 0x45D9F3B;
            return value ^ (value >> 16);
        }
    }
}
