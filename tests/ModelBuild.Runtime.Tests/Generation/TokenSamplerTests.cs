using ModelBuild.Runtime.Generation;

namespace ModelBuild.Runtime.Tests.Generation;

/// <summary>How tokens are chosen from logits.</summary>
public sealed class TokenSamplerTests
{
    // The probabilities are 0.5, 0.25, 0.125 and 0.125.
    private static readonly float[] Halves = [MathF.Log(0.125f), MathF.Log(0.5f), MathF.Log(0.25f), MathF.Log(0.125f)];

    [Fact]
    public void Without_a_temperature_the_first_of_the_highest_logits_is_chosen()
    {
        var sampler = new TokenSampler(new GenerationOptions());
        Assert.Equal(1, sampler.Next([0, 3, 3, -float.MaxValue], []));
        Assert.Equal(0, new TokenSampler(new GenerationOptions { Temperature = 1, TopK = 1 }).Next([7, 3, float.NegativeInfinity], []));
    }

    [Theory]
    [InlineData(1, 0, 1, 0.125, 0.5, 0.25, 0.125)]
    [InlineData(0.5, 0, 1, 0.0455, 0.7273, 0.1818, 0.0455)]
    [InlineData(1, 2, 1, 0, 0.6667, 0.3333, 0)]
    [InlineData(1, 3, 1, 0.1429, 0.5714, 0.2857, 0)]
    [InlineData(1, 0, 0.5, 0, 1, 0, 0)]
    [InlineData(1, 0, 0.7, 0, 0.6667, 0.3333, 0)]
    [InlineData(1, 2, 0.6, 0, 1, 0, 0)]
    [InlineData(1, 100, 1, 0.125, 0.5, 0.25, 0.125)]
    public void Tokens_are_drawn_with_their_probabilities(float temperature, int topK, float topP, double a, double b, double c, double d)
    {
        var sampler = new TokenSampler(
            new GenerationOptions
            {
                Temperature = temperature,
                TopK = topK,
                TopP = topP,
                Seed = 3,
            }
        );
        var counts = new int[4];
        for (var i = 0; i < 20_000; i++)
            counts[sampler.Next([.. Halves], [])]++;

        Assert.Equal([a, b, c, d], counts.Select(count => count / 20_000.0), (x, y) => Math.Abs(x - y) < 0.015 && x == 0 == (y == 0));
    }

    [Fact]
    public void Limits_choose_the_same_tokens_as_sorting_a_large_vocabulary()
    {
        var logits = Noise.Floats(5000, seed: 4, scale: 6);
        var order = Enumerable.Range(0, logits.Length).OrderByDescending(token => logits[token]).ToArray();
        var weights = order.Select(token => Math.Exp(logits[token] - logits[order[0]])).ToArray();
        var nucleus = 0;
        for (var sum = 0.0; sum < 0.3 * weights.Sum(); nucleus++)
            sum += weights[nucleus];

        var largest = Drawn(new GenerationOptions { Temperature = 1, TopK = 40 });
        var likely = Drawn(new GenerationOptions { Temperature = 1, TopP = 0.3f });

        Assert.Equal(order[..40].Order(), largest.Order());
        Assert.InRange(nucleus, 50, 1000);
        Assert.Empty(likely.Except(order[..(nucleus + 1)]));
        Assert.True(likely.Count > 0.9 * nucleus);

        HashSet<int> Drawn(GenerationOptions options)
        {
            var sampler = new TokenSampler(options);
            return [.. Enumerable.Range(0, 5000).Select(_ => sampler.Next([.. logits], []))];
        }
    }

    [Fact]
    public void Tokens_of_the_text_become_less_likely_once()
    {
        var sampler = new TokenSampler(new GenerationOptions { RepetitionPenalty = 2 });
        Assert.Equal(1, sampler.Next([5, 3, 1], [0]));
        Assert.Equal(0, sampler.Next([5, 2, 1], [0, 0, 0]));
        Assert.Equal(2, sampler.Next([-1, -3, -1.5f], [0, 0, 900]));
    }

    [Fact]
    public void The_seed_determines_the_tokens()
    {
        var options = new GenerationOptions { Temperature = 1, Seed = 11 };
        Assert.Equal(Draw(options), Draw(options));
        Assert.NotEqual(Draw(options), Draw(options with { Seed = 12 }));

        static int[] Draw(GenerationOptions options)
        {
            var sampler = new TokenSampler(options);
            return [.. Enumerable.Range(0, 40).Select(_ => sampler.Next([.. Halves], []))];
        }
    }

    [Fact]
    public void Logits_that_are_not_numbers_are_an_error()
    {
        var sampler = new TokenSampler(new GenerationOptions { Temperature = 1 });
        Assert.Throws<InvalidOperationException>(() => sampler.Next([1, float.NaN], []));
        Assert.Throws<InvalidOperationException>(() => sampler.Next([float.NegativeInfinity, float.NegativeInfinity], []));
        Assert.Throws<InvalidOperationException>(() => sampler.Next([1, float.PositiveInfinity], []));
    }

    [Fact]
    public void A_token_allocates_nothing_but_what_the_sort_does()
    {
        var logits = Noise.Floats(5000, seed: 4, scale: 6);
        var copy = logits.ToArray();
        List<int> text = [1, 2, 3];
        foreach (var (topK, topP) in new[] { (0, 1f), (40, 1f), (0, 0.9f), (40, 0.9f) })
        {
            var sampler = new TokenSampler(
                new GenerationOptions
                {
                    Temperature = 1,
                    TopK = topK,
                    TopP = topP,
                    RepetitionPenalty = 1.1f,
                }
            );
            sampler.Next(copy, text);
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                logits.CopyTo(copy, 0);
                sampler.Next(copy, text);
            }

            // The sort of .NET 8 allocates 128 bytes in each call.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Environment.Version.Major > 8 ? 1000 : 15_000);
        }
    }
}
