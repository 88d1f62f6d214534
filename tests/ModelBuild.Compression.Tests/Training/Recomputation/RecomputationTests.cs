namespace ModelBuild.Compression.Tests.Training.Recomputation;

/// <summary>Tests that a training graph that computes activations again has the same gradients as one that keeps them.</summary>
public sealed class RecomputationTests
{
    // ONNX Runtime fuses other nodes in a part of a graph than in the whole graph, and then sums in another order. The sums have up to 10⁴ terms of 24 bits.
    private const double Tolerance = 1e-4;

    public static TheoryData<string> Nets { get; } = [.. RecomputedNets.Names];

    [Trait("Speed", "Slow")]
    [Theory]
    [MemberData(nameof(Nets))]
    public void The_gradients_are_those_without_a_limit(string net)
    {
        var (model, samples) = RecomputedNets.Of(net);
        var run = new GradientRun(model, samples, rows: 16);
        var expected = run.Run(run.Graph(long.MaxValue));
        var least = run.Graph(memory: 0).Plan.Memory!;
        Assert.InRange(least.Bytes, 1, least.Undivided - 1);
        Assert.InRange(least.Recomputed, 1, least.Segments - 1);

        foreach (var share in (double[])[0, 0.2, 0.5, 0.8, 0.99])
        {
            var limit = share == 0 ? 0 : (long)(least.Bytes + (share * (least.Undivided - least.Bytes)));
            var graph = run.Graph(limit);
            var memory = graph.Plan.Memory!;
            Assert.Equal(least.Undivided, memory.Undivided);
            Assert.True(memory.Segments > 1 && (share == 0 || memory.Bytes <= limit), $"{memory} is over {limit}");
            AssertAgree($"{net} {memory}", expected, run.Run(graph));
        }
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_limit_that_is_not_reached_changes_nothing()
    {
        var (model, samples) = RecomputedNets.Of("residual convolutions");
        var run = new GradientRun(model, samples, rows: 4);
        var undivided = run.Graph(memory: 0).Plan.Memory!.Undivided;

        var graph = run.Graph(undivided);

        Assert.Equal((undivided, 1, 0), (graph.Plan.Memory!.Bytes, graph.Plan.Memory.Segments, graph.Plan.Memory.Recomputed));
        var (loss, gradients) = run.Run(run.Graph(long.MaxValue));
        var (sameLoss, same) = run.Run(graph);
        Assert.Equal(loss, sameLoss);
        Assert.All(gradients, gradient => Assert.Equal(gradient.Value, same[gradient.Key]));
    }

    [Theory]
    [InlineData("layers")]
    [InlineData("branches")]
    public void Fast_networks_have_the_gradients_without_a_limit(string net)
    {
        var (model, samples) = RecomputedNets.Of(net);
        var run = new GradientRun(model, samples, rows: 16);
        var graph = run.Graph(memory: 0);

        AssertAgree($"{net} {graph.Plan.Memory}", run.Run(run.Graph(long.MaxValue)), run.Run(graph));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_smaller_limit_computes_no_less_again()
    {
        var (model, samples) = RecomputedNets.Of("layers");
        var run = new GradientRun(model, samples, rows: 16);
        var least = run.Graph(memory: 0).Plan.Memory!;

        var plans = Enumerable
            .Range(0, 11)
            .Select(tenth => run.Graph(Math.Max(1, least.Bytes + (tenth * (least.Undivided - least.Bytes) / 10))))
            .Select(graph => graph.Plan.Parts.Sum(part => part.Nodes?.Count ?? graph.Model.Proto.Graph.Node.Count))
            .ToArray();

        // In a network of equal layers, the number of elements that are computed again is proportional to the number of nodes.
        Assert.True(plans[0] > plans[^1]);
        Assert.Equal(plans.OrderDescending().First(), plans.Take(3).Max());
    }

    private static void AssertAgree(
        string plan,
        (float Loss, IReadOnlyDictionary<string, float[]> Gradients) expected,
        (float Loss, IReadOnlyDictionary<string, float[]> Gradients) actual
    )
    {
        Assert.InRange(actual.Loss, expected.Loss - Tolerance * Math.Abs(expected.Loss), expected.Loss + Tolerance * Math.Abs(expected.Loss));
        Assert.Equal(expected.Gradients.Keys.Order(), actual.Gradients.Keys.Order());
        foreach (var (name, values) in expected.Gradients)
        {
            var largest = values.Max(Math.Abs);
            Assert.True(largest > 0, $"{name} has no gradient.");
            var error = values.Zip(actual.Gradients[name]).Max(pair => Math.Abs(pair.First - pair.Second));
            Assert.True(error <= Tolerance * largest, FormattableString.Invariant($"{name} differs by {error / largest:G3} of its largest element: {plan}"));
        }
    }
}
