using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Compression.Layers.Solvers;

namespace ModelBuild.Compression.Tests.Solvers;

public sealed class RoundingTests
{
    [Theory]
    [MemberData(nameof(Problems.Rules), MemberType = typeof(Problems))]
    public void Coordinate_descent_ends_where_no_step_of_one_code_helps(string rule)
    {
        var problem = Problems.Create(Problems.Named[rule], outputs: 6);

        Assert.InRange(Problems.Gain(problem, new CoordinateDescent(sweeps: 100, damping: 0)), 3, 30);

        var loss = problem.Loss;
        for (var row = 0; row < problem.Outputs; row++)
        {
            var weights = problem.Quantized().AsSpan(row * problem.Inputs, problem.Inputs);
            var least = loss.Row(row, weights);
            for (var i = 0; i < problem.Inputs; i++)
                foreach (var step in new[] { -1, 1 })
                {
                    var code = problem.Codes![row * problem.Inputs + i] + step;
                    if (code < problem.Grid.MinCode || code > problem.Grid.MaxCode)
                        continue;
                    var kept = weights[i];
                    weights[i] = problem.Grid.Value(row, i, code);
                    // The weights of the layer give its targets up to rounding, so that both measures agree.
                    Assert.InRange(loss.Row(row, weights), least * (1 - 1e-3), double.MaxValue);
                    weights[i] = kept;
                }
        }
    }

    [Theory]
    [MemberData(nameof(Problems.Rules), MemberType = typeof(Problems))]
    public void Coordinate_descent_and_AdaRound_never_undo_what_was_better(string rule)
    {
        foreach (var solver in new ILayerSolver[] { new CoordinateDescent(damping: 0), new AdaRound(50, damping: 0) })
        {
            var problem = Problems.Create(Problems.Named[rule], bias: false);
            new Gptq().Solve(problem, CancellationToken.None);

            Assert.InRange(Problems.Gain(problem, solver), -1e-3, 10);
        }
    }

    [Fact]
    public void AdaRound_rounds_up_or_down_and_gains_3_dB()
    {
        foreach (var rule in new IGridRule[] { new SymmetricGrid(4), new AsymmetricGrid(4, 24) })
        {
            var problem = Problems.Create(rule, outputs: 17);

            Assert.InRange(Problems.Gain(problem, new AdaRound(300)), 3, 30);

            for (var row = 0; row < problem.Outputs; row++)
            for (var i = 0; i < problem.Inputs; i++)
                Assert.InRange(
                    problem.Grid.Value(row, i, problem.Codes![row * problem.Inputs + i]) - problem.Weights[row * problem.Inputs + i],
                    -1.51 * problem.Grid.Scales.Max(),
                    1.51 * problem.Grid.Scales.Max()
                );
        }
    }

    [Fact]
    public void Clipping_gains_at_four_bits_and_loses_nothing_at_eight()
    {
        foreach (
            var (rule, least) in new (IGridRule, double)[]
            {
                (new SymmetricGrid(4), 0.5),
                (new SymmetricGrid(4) { Shared = true }, 0),
                (new SymmetricGrid(4, 16), 0.2),
                (new AsymmetricGrid(4, 24), 0.2),
                (new SymmetricGrid(8), -1e-3),
            }
        )
        {
            var rounded = Problems.Create(rule);
            new BiasCorrection().Solve(rounded, CancellationToken.None);

            Assert.InRange(Problems.Gain(rounded, new ClipWeights(damping: 0)), least, 20);
            Assert.Null(rounded.Codes);
            if (rule.Shared)
                Assert.Single(rounded.Grid.Scales.Distinct());
        }
    }

    [Fact]
    public void Clipping_keeps_the_least_scales()
    {
        const float least = 0.13f;
        var free = Problems.Create(new SymmetricGrid(4));
        var bound = Problems.Create(new SymmetricGrid(4) { MinScales = [.. Enumerable.Repeat(least, 24)] });

        new ClipWeights().Solve(free, CancellationToken.None);
        new ClipWeights().Solve(bound, CancellationToken.None);

        Assert.Contains(free.Grid.Scales, scale => scale < 0.95f * least);
        Assert.All(bound.Grid.Scales, scale => Assert.InRange(scale, least, 1f / 7));
    }
}
