using ModelBuild.Runtime;
using ModelBuild.Text.Tests.Models;
using ModelBuild.Text.Tests.Support;

namespace ModelBuild.Text.Tests;

/// <summary>Texts that a decoder continues.</summary>
public sealed class TextGenerationTests : IDisposable
{
    private static readonly GenerationOptions Sampled = new()
    {
        MaxTokens = 30,
        Temperature = 1.5f,
        Seed = 4,
        StopTokens = [],
    };

    private readonly TemporaryFolder _folder = new();
    private readonly WriterModel _model;

    public TextGenerationTests()
    {
        // The vocabulary has no letters, so that it has 28 tokens.
        _folder.Write("tokenizer.json", SmallTokenizers.WordPiece(SmallTokenizers.Vocabulary([])).ToJsonString());
        _model = WriterModel.Load(new TinyDecoder { Vocabulary = 28 }.ToBytes(), new ModelOptions { Threads = 1, Spinning = false });
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_pieces_are_the_text_of_the_generated_tokens()
    {
        using var tokenizer = TextTokenizer.Load(_folder.Path);
        using var stream = _model.OpenGeneration();
        var tokens = stream.Generate(tokenizer.Encode("hello world").Ids, Sampled, TestContext.Current.CancellationToken).ToArray();
        stream.Reset();

        var pieces = await ListAsync(_model.Generate(tokenizer, "hello world", Sampled, TestContext.Current.CancellationToken));
        var others = await ListAsync(stream.GenerateText(tokenizer, "hello world", Sampled, TestContext.Current.CancellationToken));
        stream.Reset();
        var fromTokens = await ListAsync(
            stream.GenerateTextFromTokens(tokenizer, [.. tokenizer.Encode("hello world").Ids], Sampled, TestContext.Current.CancellationToken)
        );

        Assert.Equal(30, tokens.Length);
        Assert.InRange(pieces.Count, 5, 30);
        Assert.DoesNotContain("", pieces);
        Assert.Equal(Following(tokenizer, "hello world", tokens), string.Concat(pieces));
        Assert.Equal(pieces, others);
        Assert.Equal(pieces, fromTokens);
    }

    [Fact]
    public async Task The_files_of_the_model_name_the_tokens_that_end_a_text()
    {
        using var free = TextTokenizer.Load(_folder.Path);
        using var stream = _model.OpenGeneration();
        var tokens = stream.Generate(free.Encode("the dog").Ids, Sampled, TestContext.Current.CancellationToken).ToArray();
        var end = Array.IndexOf(tokens, tokens[8]);
        _folder.Write("generation_config.json", $$"""{ "eos_token_id": [1000, {{tokens[8]}}] }""");
        using var tokenizer = TextTokenizer.Load(_folder.Path);

        var ended = await ListAsync(_model.Generate(tokenizer, "the dog", Sampled with { StopTokens = null }, TestContext.Current.CancellationToken));
        var whole = await ListAsync(_model.Generate(tokenizer, "the dog", Sampled, TestContext.Current.CancellationToken));

        Assert.Equal(Following(free, "the dog", tokens[..end]), string.Concat(ended));
        Assert.Equal(Following(free, "the dog", tokens), string.Concat(whole));
    }

    [Fact]
    public async Task Without_these_files_a_text_ends_at_the_end_token_of_the_tokenizer()
    {
        using var free = TextTokenizer.Load(_folder.Path);
        using var stream = _model.OpenGeneration();
        var tokens = stream.Generate(free.Encode("the dog").Ids, Sampled, TestContext.Current.CancellationToken).ToArray();
        var end = Array.IndexOf(tokens, tokens[8]);
        _folder.Write("tokenizer_config.json", $$"""{ "eos_token": "{{SmallTokenizers.Vocabulary([])[tokens[8]]}}" }""");
        using var tokenizer = TextTokenizer.Load(_folder.Path);

        var ended = await ListAsync(_model.Generate(tokenizer, "the dog", Sampled with { StopTokens = null }, TestContext.Current.CancellationToken));

        Assert.Equal(Following(free, "the dog", tokens[..end]), string.Concat(ended));
    }

    [Fact]
    public async Task The_maximum_of_the_tokenizer_is_that_of_the_text()
    {
        using var tokenizer = TextTokenizer.Load(_folder.Path, maxLength: 6);

        // [CLS] hello world [SEP] leaves room for two tokens.
        var one = await ListAsync(_model.Generate(tokenizer, "hello world", Sampled, TestContext.Current.CancellationToken));

        Assert.InRange(one.Count, 0, 2);
        var mistake = Assert.Throws<ArgumentException>(() =>
            _model.Generate(tokenizer, "the quick brown fox over the dog", null, TestContext.Current.CancellationToken)
        );
        Assert.Contains("The text has more than 6 tokens", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_enumeration_ends_with_an_exception()
    {
        using var tokenizer = TextTokenizer.Load(_folder.Path);
        using var source = new CancellationTokenSource();
        var count = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var piece in Endless(tokenizer).WithCancellation(source.Token))
                if (++count == 3)
                    await source.CancelAsync();
        });

        Assert.Equal(3, count);
    }

    // The text of tokens depends on those before them.
    private static string Following(TextTokenizer tokenizer, string prompt, int[] tokens)
    {
        int[] before = [.. tokenizer.Encode(prompt).Ids];
        return tokenizer.Decode([.. before, .. tokens])[tokenizer.Decode(before).Length..];
    }

    private IAsyncEnumerable<string> Endless(TextTokenizer tokenizer) =>
        _model.Generate(tokenizer, "hello", Sampled with { MaxTokens = 1000 }, TestContext.Current.CancellationToken);

    private static async Task<List<string>> ListAsync(IAsyncEnumerable<string> pieces)
    {
        var list = new List<string>();
        await foreach (var piece in pieces)
            list.Add(piece);
        return list;
    }
}
