using System.Diagnostics.CodeAnalysis;
using ModelBuild.Runtime.Generation;
using ModelBuild.Runtime.Tests.Models;
using ModelBuild.Runtime.Tests.Support;

namespace ModelBuild.Runtime.Tests.Generation;

/// <summary>Texts that decoders continue with a cache.</summary>
[Collection(nameof(ProcessWide))]
[SuppressMessage("Usage", "xUnit1051", Justification = "The calls take microseconds.")]
public sealed class GenerationTests
{
    private static readonly int[] Prompt = [3, 17, 41, 5];

    private static readonly GenerationOptions Sampled = new()
    {
        MaxTokens = 50,
        Temperature = 1.5f,
        TopK = 20,
        TopP = 0.9f,
        Seed = 7,
        RepetitionPenalty = 1.2f,
    };

    public static TheoryData<string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (var layout in Decoders.Layouts)
            {
                cases.Add(layout, false);
                cases.Add(layout, true);
            }

            return cases;
        }
    }

    public static TheoryData<string> Layouts => [.. Decoders.Layouts];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Tokens_equal_those_that_are_computed_from_the_start(string layout, bool isSampled)
    {
        // Without positions the most likely token stays the same, so that the text would be one token only.
        var options = isSampled ? Sampled : new GenerationOptions { MaxTokens = 50, RepetitionPenalty = 4 };
        var (model, open) = Decoders.Load(layout);
        using var _ = model;
        using var stream = open(int.MaxValue);

        var tokens = stream.Generate(Prompt, options).ToArray();

        Assert.Equal(50, tokens.Length);
        Assert.True(tokens.Distinct().Count() > 3, $"The tokens {string.Join(' ', tokens)} are no test of anything.");
        var sampler = new TokenSampler(options);
        using var other = open(int.MaxValue);
        List<int> text = [.. Prompt];
        foreach (var token in tokens)
        {
            other.Reset();
            Assert.Equal(token, sampler.Next(other.Append(text.ToArray()).ToArray(), text));
            text.Add(token);
        }
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Logits_do_not_depend_on_how_the_text_is_divided_into_calls(string layout)
    {
        var (model, open) = Decoders.Load(layout);
        using var _ = model;
        using var whole = open(int.MaxValue);
        using var parts = open(int.MaxValue);
        int[] text = [1, 2, 3, 60, 61, 62, 9, 9];

        var expected = whole.Append(text).ToArray();
        parts.Append(text.AsSpan(0, 1));
        parts.Append(text.AsSpan(1, 4));
        var actual = parts.Append(text.AsSpan(5)).ToArray();

        Assert.Equal(64, expected.Length);
        Assert.Equal(expected, actual, (a, b) => Math.Abs(a - b) < 1e-3f);
        Assert.True(expected.Max() - expected.Min() > 0.5f);
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void The_cache_grows_by_the_same_number_of_bytes_for_each_token(string layout)
    {
        var (model, open) = Decoders.Load(layout);
        using var _ = model;
        using var stream = open(int.MaxValue);
        // Keys and values of 2 layers with 2 heads of 8 float32 values.
        const int perToken = 2 * 2 * 2 * 8 * 4;
        var encoder = layout == "encoded" ? 5 * perToken : 0;
        Assert.Equal(0, stream.CacheBytes);

        stream.Append(Prompt);
        Assert.Equal((4 * perToken) + encoder, stream.CacheBytes);
        Assert.Equal(stream.CacheBytes, stream.Cache.Values.Sum(value => value.GetTensorTypeAndShape().ElementCount * 4));
        stream.Append([8]);

        Assert.Equal(5, stream.Length);
        Assert.Equal((5 * perToken) + encoder, stream.CacheBytes);
        Assert.Equal(stream.CacheBytes, stream.Cache.Values.Sum(value => value.GetTensorTypeAndShape().ElementCount * 4));
        Assert.Equal((1000 * perToken) + encoder, stream.GetCacheBytes(1000));
        stream.Reset();
        Assert.Equal((0, 0L), (stream.Length, stream.CacheBytes));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.GetCacheBytes(-1));
    }

    [Fact]
    public void A_token_allocates_the_same_number_of_bytes_however_long_the_text_is()
    {
        using var model = PositionDecoderModel.Load(new TinyDecoder { HasPositions = true }.ToBytes(), Decoders.OneThread);
        using var stream = model.OpenGeneration();
        stream.Append(Prompt);
        stream.Append([1]);

        var early = Allocated(stream);
        stream.Append(Enumerable.Repeat(2, 400).ToArray());
        var late = Allocated(stream);

        // The cache of 400 tokens has 102,400 bytes. The garbage collector counts memory in steps of 8 KiB.
        Assert.InRange(late, 0, early + 8192);
        Assert.InRange(early, 1, 32 * 1024);
    }

    [Fact]
    public void The_tensors_of_a_call_are_the_inputs_of_the_next_one()
    {
        using var model = DecoderModel.Load(new TinyDecoder().ToBytes(), Decoders.OneThread);
        using var stream = model.OpenGeneration();
        stream.Append(Prompt);
        var values = stream.Cache.Values.ToArray();

        // A mark in the memory of the cache changes the logits, so the model reads this memory.
        using var other = model.OpenGeneration();
        other.Append(Prompt);
        other.Cache.Values[1].GetTensorMutableDataAsSpan<float>().Fill(3);
        var (expected, marked) = (stream.Append([8]).ToArray(), other.Append([8]).ToArray());

        Assert.NotEqual(expected, marked, (a, b) => Math.Abs(a - b) < 1e-3f);
        Assert.All(values.Zip(stream.Cache.Values), pair => Assert.NotSame(pair.First, pair.Second));
    }

    [Fact]
    public void A_text_can_be_continued_after_generated_tokens()
    {
        using var model = DecoderModel.Load(new TinyDecoder().ToBytes(), Decoders.OneThread);
        using var stream = model.OpenGeneration();
        var first = stream.Generate(Prompt, new GenerationOptions { MaxTokens = 5 }).ToArray();
        var second = stream.Generate([], new GenerationOptions { MaxTokens = 5 }).ToArray();
        Assert.Equal(Prompt.Length + 10, stream.Length);
        stream.Reset();

        Assert.Equal(stream.Generate(Prompt, new GenerationOptions { MaxTokens = 10 }), [.. first, .. second]);
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Generate([4], new GenerationOptions { MaxTokens = 0 }));
    }

    [Fact]
    public void A_stop_token_ends_the_text_and_belongs_to_it()
    {
        using var model = DecoderModel.Load(new TinyDecoder().ToBytes(), Decoders.OneThread);
        using var stream = model.OpenGeneration();
        var tokens = stream.Generate(Prompt, new GenerationOptions { MaxTokens = 20 }).ToArray();
        var stop = tokens[6];
        var end = Array.IndexOf(tokens, stop);
        stream.Reset();

        Assert.Equal(tokens[..end], stream.Generate(Prompt, new GenerationOptions { StopTokens = [stop] }));
        Assert.Equal(Prompt.Length + end + 1, stream.Length);
    }

    [Fact]
    public void A_text_has_at_most_its_maximum_of_tokens()
    {
        using var model = DecoderModel.Load(new TinyDecoder().ToBytes(), Decoders.OneThread);
        using var stream = model.OpenGeneration(maxLength: 10);

        Assert.Equal(6, stream.Generate(Prompt).Count());
        Assert.Equal(10, stream.Length);
        var mistake = Assert.Throws<ArgumentException>(() => stream.Append([1]));
        Assert.Contains(
            "would have 11 tokens, and the stream of ModelBuild.Runtime.Tests.Models.DecoderModel has at most 10",
            mistake.Message,
            StringComparison.Ordinal
        );
        stream.Reset();
        stream.Append(Enumerable.Repeat(1, 10).ToArray());
        Assert.Throws<ArgumentOutOfRangeException>(() => model.OpenGeneration(maxLength: 0));
    }

    [Fact]
    public void Wrong_tokens_and_options_are_errors()
    {
        using var model = DecoderModel.Load(new TinyDecoder().ToBytes(), Decoders.OneThread);
        using var stream = model.OpenGeneration();

        Assert.Throws<ArgumentException>(() => stream.Append([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Append([64]));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Append([-1]));
        foreach (
            var options in new GenerationOptions[]
            {
                new() { MaxTokens = -1 },
                new() { Temperature = -1 },
                new() { Temperature = float.NaN },
                new() { TopK = -1 },
                new() { TopP = 0 },
                new() { TopP = 1.1f },
                new() { RepetitionPenalty = 0 },
            }
        )
            Assert.Throws<ArgumentOutOfRangeException>(() => stream.Generate(Prompt, options));
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public void A_cancelled_generation_ends_between_tokens_and_keeps_the_text()
    {
        using var model = DecoderModel.Load(new TinyDecoder().ToBytes(), Decoders.OneThread);
        using var stream = model.OpenGeneration();
        using var source = new CancellationTokenSource();
        var tokens = new List<int>();

        Assert.ThrowsAny<OperationCanceledException>(() =>
        {
            foreach (var token in stream.Generate(Prompt, cancellationToken: source.Token))
            {
                tokens.Add(token);
                if (tokens.Count == 3)
                    source.Cancel();
            }
        });

        Assert.Equal(3, tokens.Count);
        Assert.Equal(Prompt.Length + 3, stream.Length);
        using var other = model.OpenGeneration();
        Assert.Equal(
            other.Generate(Prompt, new GenerationOptions { MaxTokens = 6 }),
            [.. tokens, .. stream.Generate([], new GenerationOptions { MaxTokens = 3 })]
        );
    }

    [Fact]
    public void A_model_that_returns_only_new_entries_is_an_error_with_both_lengths()
    {
        using var model = DecoderModel.Load(new TinyDecoder { IsBroken = true }.ToBytes(), Decoders.OneThread);
        using var stream = model.OpenGeneration();
        stream.Append(Prompt);

        var mistake = Assert.Throws<InvalidOperationException>(() => stream.Append([1]));

        Assert.Contains("Output 'present.0.key' has the shape [1, 2, 1, 8], and after 5 tokens", mistake.Message, StringComparison.Ordinal);
        Assert.Equal(4, stream.Length);
        Assert.Equal(4 * 256, stream.CacheBytes);
    }

    [Fact]
    public void After_a_reload_the_text_is_computed_again()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("other.onnx"), new TinyDecoder { Seed = 2 }.ToBytes());
        using var model = DecoderModel.Load(new TinyDecoder().ToBytes(), Decoders.OneThread);
        using var fresh = DecoderModel.Load(folder.File("other.onnx"), Decoders.OneThread);
        using var stream = model.OpenGeneration();
        stream.Append(Prompt);
        model.Reload(folder.File("other.onnx"));

        var logits = stream.Append([9]).ToArray();

        using var expected = fresh.OpenGeneration();
        Assert.Equal(expected.Append([.. Prompt, 9]).ToArray(), logits, (a, b) => Math.Abs(a - b) < 1e-4f);
    }

    [Fact]
    public void A_stream_is_closed_before_or_after_its_model()
    {
        var model = DecoderModel.Load(new TinyDecoder().ToBytes(), Decoders.OneThread);
        var closed = model.OpenGeneration();
        closed.Dispose();
        closed.Dispose();
        var left = model.OpenGeneration();
        left.Append(Prompt);
        model.Dispose();

        Assert.Throws<ObjectDisposedException>(() => closed.Append(Prompt));
        Assert.Throws<ObjectDisposedException>(() => left.Append([1]));
        Assert.Throws<ObjectDisposedException>(() => model.OpenGeneration());
        Assert.Equal(4 * 256, left.CacheBytes);
        left.Dispose();
    }

    [Fact]
    public async Task Many_streams_share_a_model()
    {
        using var model = PositionDecoderModel.Load(new TinyDecoder { HasPositions = true }.ToBytes(), new ModelOptions { Threads = 1, Parallel = 2 });
        using var alone = model.OpenGeneration();
        var expected = alone.Generate(Prompt, Sampled).ToArray();

        var texts = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(_ =>
                    Task.Run(
                        () =>
                        {
                            using var stream = model.OpenGeneration();
                            return stream.Generate(Prompt, Sampled).ToArray();
                        },
                        TestContext.Current.CancellationToken
                    )
                )
        );

        Assert.All(texts, text => Assert.Equal(expected, text));
    }

    [Fact]
    public void The_result_of_an_encoder_is_checked_and_changes_the_text()
    {
        using var model = EncodedDecoderModel.Load(new TinyDecoder { IsMerged = true, HasEncoder = true }.ToBytes(), Decoders.OneThread);
        Assert.Throws<ArgumentException>(() => model.OpenGeneration([]));
        var mistake = Assert.Throws<ArgumentException>(() => model.OpenGeneration(new float[17]));
        Assert.Contains("a multiple of 16 elements. 17 were given", mistake.Message, StringComparison.Ordinal);

        using var first = model.OpenGeneration(Decoders.Encoded);
        using var second = model.OpenGeneration(Noise.Floats(3 * 16, seed: 10));
        Assert.NotEqual(first.Generate(Prompt), second.Generate(Prompt));
    }

    [Fact]
    public void A_fake_generates_nothing()
    {
        using var model = DecoderModel.Fake(_ => { });
        using var stream = model.OpenGeneration();
        Assert.Throws<NotSupportedException>(() => stream.Append(Prompt));
        Assert.Equal(0, stream.Length);
    }

    private static long Allocated(GenerationStream stream)
    {
        int[] token = [5];
        stream.Append(token);
        var before = GC.GetAllocatedBytesForCurrentThread();
        stream.Append(token);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
