using ModelBuild.Compression.Layers;
using ModelBuild.Compression.Layers.Grids;
using ModelBuild.Compression.Layers.Moments;
using ModelBuild.Compression.Layers.Solvers;

namespace ModelBuild.Compression.Tests.Solvers;

/// <summary>Creates layers whose inputs are correlated, as activations are. The inputs are sums of fewer causes, limited to 0 from below.</summary>
internal static class Problems
{
    public const int Rows = 2000;

    public static float[] Activations(int columns, int seed = 3)
    {
        var causes = columns / 4;
        var mixing = Noise.Floats(columns * causes, seed);
        var cause = Noise.Floats(Rows * causes, seed + 1);
        var x = Noise.Floats(Rows * columns, seed + 2, scale: 0.2);
        for (var row = 0; row < Rows; row++)
        for (var column = 0; column < columns; column++)
        {
            for (var i = 0; i < causes; i++)
                x[row * columns + column] += mixing[column * causes + i] * cause[row * causes + i];
            x[row * columns + column] = Math.Max(0, x[row * columns + column] + 0.3f);
        }

        return x;
    }

    /// <summary>Returns y = W x + b.</summary>
    public static float[] Answers(float[] x, float[] weights, float[]? bias, int inputs)
    {
        var (rows, outputs) = (x.Length / inputs, weights.Length / inputs);
        var y = new float[rows * outputs];
        for (var row = 0; row < rows; row++)
        for (var output = 0; output < outputs; output++)
        {
            double sum = bias?[output] ?? 0;
            for (var i = 0; i < inputs; i++)
                sum += (double)x[row * inputs + i] * weights[output * inputs + i];
            y[row * outputs + output] = (float)sum;
        }

        return y;
    }

    public static LayerMoments Moments(float[] x, float[] y, int inputs, int outputs)
    {
        using var products = new MomentProducts();
        var sums = new MomentsAccumulator(products, inputs, outputs);
        sums.Add(x, y);
        return sums.Moments()!;
    }

    /// <summary>Returns a layer to be quantized, whose inputs deviate by <paramref name="upstream"/> from those of the original.</summary>
    public static LayerProblem Create(IGridRule rule, int inputs = 64, int outputs = 24, bool bias = true, float upstream = 0)
    {
        var x = Activations(inputs);
        var weights = Noise.Floats(outputs * inputs, seed: 11);
        var b = bias ? Noise.Floats(outputs, seed: 12) : null;
        var y = Answers(x, weights, b, inputs);
        var seen = x.Zip(Noise.Floats(x.Length, seed: 13, scale: upstream), (value, noise) => value * (1 - upstream) + noise).ToArray();
        return new LayerProblem
        {
            Outputs = outputs,
            Inputs = inputs,
            Weights = weights,
            Bias = b,
            GridRule = rule,
            Grid = rule.Fit(weights, outputs, inputs),
            Moments = Moments(seen, y, inputs, outputs),
        };
    }

    /// <summary>Returns E‖Ŵx + b − y‖² of a problem in its current state, with its own bias.</summary>
    public static double Error(LayerProblem problem)
    {
        var quantized = problem.Quantized();
        var total = 0.0;
        for (var row = 0; row < problem.Outputs; row++)
        {
            var weights = quantized.AsSpan(row * problem.Inputs, problem.Inputs);
            total += problem.Loss.Row(row, weights);
            if (problem.Bias is not { } bias)
                continue;
            var shift = bias[row] - problem.Moments.TargetMean[row];
            for (var i = 0; i < weights.Length; i++)
                shift += weights[i] * problem.Moments.InputMean[i];
            total += shift * shift;
        }

        return total;
    }

    /// <summary>Returns the gain of the solvers over rounding to nearest, as the SQNR of the layer's output in dB.</summary>
    public static double Gain(LayerProblem problem, params ILayerSolver[] solvers)
    {
        var before = Error(problem);
        foreach (var solver in solvers)
            solver.Solve(problem, CancellationToken.None);
        return 10 * Math.Log10(before / Error(problem));
    }

    public static TheoryData<string> Rules => [.. Named.Keys];

    public static IReadOnlyDictionary<string, IGridRule> Named { get; } =
        new Dictionary<string, IGridRule>
        {
            ["int8"] = new SymmetricGrid(8),
            ["int8, one scale"] = new SymmetricGrid(8) { Shared = true },
            ["int4"] = new SymmetricGrid(4),
            ["int4, blocks"] = new SymmetricGrid(4, 16),
            ["uint4, blocks"] = new AsymmetricGrid(4, 24),
        };
}
