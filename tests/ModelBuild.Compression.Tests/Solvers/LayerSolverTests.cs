using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Compression.Layers.Solvers;

namespace ModelBuild.Compression.Tests.Solvers;

public sealed class LayerSolverTests
{
    [Fact]
    public void The_loss_is_the_mean_squared_error()
    {
        foreach (var bias in new[] { true, false })
        {
            var problem = Problems.Create(new SymmetricGrid(4), bias: bias);
            var x = Problems.Activations(problem.Inputs);
            var y = Problems.Answers(x, problem.Weights, problem.Bias, problem.Inputs);
            if (bias)
                problem.Bias![3] += 1;
            var actual = Problems.Answers(x, Array.ConvertAll(problem.Quantized(), value => (float)value), problem.Bias, problem.Inputs);

            var expected = y.Zip(actual, (a, b) => ((double)a - b) * ((double)a - b)).Sum() / Problems.Rows;

            Assert.Equal(1, Problems.Error(problem) / expected, 1e-3);
        }
    }

    [Fact]
    public void Least_squares_makes_good_what_layers_before_did()
    {
        var problem = Problems.Create(new SymmetricGrid(8), upstream: 0.1f);

        Assert.InRange(Problems.Gain(problem, new LeastSquares(0.0001)), 2, 30);
        Assert.Null(problem.Codes);
        Assert.Equal(problem.GridRule.Fit(problem.Weights, problem.Outputs, problem.Inputs).Scales, problem.Grid.Scales);
        Assert.InRange(Problems.Gain(Problems.Create(new SymmetricGrid(8), bias: false, upstream: 0.1f), new LeastSquares()), 1, 30);
    }

    [Fact]
    public void An_infinite_pull_leaves_the_weights_as_they_are()
    {
        var problem = Problems.Create(new SymmetricGrid(8), upstream: 0.1f);
        var weights = problem.Weights;

        new LeastSquares(1e9).Solve(problem, CancellationToken.None);

        Assert.All(weights.Zip(problem.Weights), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Bias_correction_takes_the_mean_error_out()
    {
        var problem = Problems.Create(new SymmetricGrid(4), upstream: 0.1f);
        var without = Problems.Create(new SymmetricGrid(4), bias: false);

        Assert.InRange(Problems.Gain(problem, new BiasCorrection()), 0.5, 30);
        Assert.Equal(0, Problems.Gain(without, new BiasCorrection()));
        Assert.Null(without.Bias);
    }

    [Theory]
    [MemberData(nameof(Problems.Rules), MemberType = typeof(Problems))]
    public void Solvers_in_sequence_are_deterministic_and_better_than_rounding(string rule)
    {
        ILayerSolver[] solvers = [new LeastSquares(), new ClipWeights(), new Gptq(), new CoordinateDescent(), new AdaRound(20), new BiasCorrection()];
        var one = Problems.Create(Problems.Named[rule], upstream: 0.05f);
        var two = Problems.Create(Problems.Named[rule], upstream: 0.05f);

        Assert.InRange(Problems.Gain(one, solvers), 1, 50);
        Problems.Gain(two, solvers);

        Assert.Equal(one.Codes, two.Codes);
        Assert.Equal(one.Bias, two.Bias);
        Assert.Equal(one.Grid.Scales, two.Grid.Scales);
    }

    [Fact]
    public void Cancelling_stops_the_work()
    {
        ILayerSolver[] solvers = [new LeastSquares(), new ClipWeights(), new Gptq(), new AdaRound(), new CoordinateDescent()];
        foreach (var solver in solvers)
            Assert.Throws<OperationCanceledException>(() => solver.Solve(Problems.Create(new SymmetricGrid(8)), new CancellationToken(canceled: true)));
    }
}
