using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Losses;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Compression.Layers.Solvers;

namespace ModelBuild.Compression.Tests.Solvers;

/// <summary>Tests layers with fewer rows than inputs. Solutions in the space of the rows are equal to those from sums of products.</summary>
public sealed class RowsLossTests
{
    private const int Inputs = 96;
    private const int Outputs = 20;
    private const int Rows = 40;

    public static TheoryData<string, string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, bool>();
            foreach (var solver in Solvers.Keys)
            foreach (var rule in Problems.Named.Keys)
            foreach (var bias in new[] { true, false })
                cases.Add(solver, rule, bias);
            return cases;
        }
    }

    private static Dictionary<string, Func<ILayerSolver>> Solvers { get; } =
        new()
        {
            ["gptq"] = () => new Gptq(),
            ["gptq in order"] = () => new Gptq(actOrder: false),
            ["least-squares"] = () => new LeastSquares(),
            ["clip-weights"] = () => new ClipWeights(),
            ["coordinate-descent"] = () => new CoordinateDescent(sweeps: 2),
            ["adaround"] = () => new AdaRound(iterations: 60),
            ["bias-correction"] = () => new BiasCorrection(),
        };

    [Theory]
    [Trait("Speed", "Slow")]
    [MemberData(nameof(Cases))]
    public void Solvers_give_the_same_in_both_spaces(string solver, string rule, bool bias)
    {
        var (dense, rows) = (Problem(rule, bias, keepsRows: false), Problem(rule, bias, keepsRows: true));

        Solvers[solver]().Solve(dense, CancellationToken.None);
        Solvers[solver]().Solve(rows, CancellationToken.None);

        Assert.IsType<RowsLoss>(rows.Loss);
        var (expected, actual) = (dense.Quantized(), rows.Quantized());
        // The last bits of sums decide to which side of the middle of two codes a weight belongs.
        var different = expected.Zip(actual).Count(pair => Math.Abs(pair.First - pair.Second) > 1e-5 * Math.Abs(pair.First));
        Assert.InRange(different, 0, expected.Length / 25);
        Assert.Equal(1, Problems.Error(rows) / Problems.Error(dense), 0.05);
    }

    [Fact]
    public void The_loss_is_the_same_in_both_spaces()
    {
        var (dense, rows) = (Problem("int8", bias: true, keepsRows: false).Loss, Problem("int8", bias: true, keepsRows: true).Loss);
        var weights = Array.ConvertAll(Noise.Floats(Inputs, seed: 21), value => (double)value);

        for (var row = 0; row < Outputs; row++)
        {
            Assert.Equal(1, rows.Row(row, weights) / dense.Row(row, weights), 1e-3);
            for (var i = 0; i < Inputs; i++)
                Assert.Equal(dense.Cross(row)[i], rows.Cross(row)[i], 1e-3);
        }

        Assert.Equal(dense.MeanSquare, rows.MeanSquare, 1e-4);
    }

    [Fact]
    public void Kept_rows_have_the_moments_of_sums()
    {
        var (x, y) = (Noise.Floats(Rows * Inputs, seed: 31), Noise.Floats(Rows * Outputs, seed: 32));
        var (expected, actual) = (Moments(x, y, keepsRows: false), Moments(x, y, keepsRows: true).Dense());

        Assert.All(expected.Gram.Zip(actual.Gram), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.All(expected.Cross.Zip(actual.Cross), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        Assert.Equal(expected.InputMean, actual.InputMean);
        Assert.Equal(expected.Rows, actual.Rows);
    }

    private static LayerMoments Moments(float[] x, float[] y, bool keepsRows)
    {
        using var products = new MomentProducts();
        var sums = new MomentsAccumulator(products, Inputs, Outputs, keepsRows);
        sums.Add(x, y);
        return sums.Moments()!;
    }

    private static LayerProblem Problem(string rule, bool bias, bool keepsRows)
    {
        var x = Noise.Floats(Rows * Inputs, seed: 41);
        var weights = Noise.Floats(Outputs * Inputs, seed: 42);
        var b = bias ? Noise.Floats(Outputs, seed: 43) : null;
        var grid = Problems.Named[rule];
        return new LayerProblem
        {
            Outputs = Outputs,
            Inputs = Inputs,
            Weights = weights,
            Bias = b,
            GridRule = grid,
            Grid = grid.Fit(weights, Outputs, Inputs),
            Moments = Moments(x, Problems.Answers(x, weights, b, Inputs), keepsRows),
        };
    }
}
