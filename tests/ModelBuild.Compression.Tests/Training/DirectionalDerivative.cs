using System.Runtime.InteropServices;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Randomness;
using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Compression.Training.Graphs;

namespace ModelBuild.Compression.Tests.Training;

/// <summary>Computes the derivative of a loss along a random direction of all parameters, from the gradients and from differences of the loss.</summary>
internal sealed class DirectionalDerivative : IDisposable
{
    private const int Threads = 2;

    // After a step with an error below this bound, no other step is tried.
    private const double Enough = 5e-3;

    private readonly TrainingSession _session;
    private readonly (Parameter Parameter, float[] Start)[] _parameters;

    public DirectionalDerivative(TrainingGraph training, Sample batch, IReadOnlyDictionary<string, OutputValues> outputs)
    {
        _session = new TrainingSession(training, Threads);
        _parameters = [.. training.Parameters.Select(pair => (pair.Parameter, (float[])pair.Parameter.Values.Clone()))];
        foreach (var (name, array) in batch.Inputs)
            if (_session.Batch(name) is { Length: > 0 } memory)
                array.Data.CopyTo(memory.Span);
        var random = new SplitMix64(1);
        foreach (var target in training.Targets)
            Fill(
                MemoryMarshal.Cast<byte, float>(_session.Batch(target.Name).Span),
                RandomSum.StartOf(target) is { } output ? outputs[output].Numbers : null,
                random
            );
    }

    /// <summary>Gets whether all gradients of the last run are finite.</summary>
    public bool AreFinite => _parameters.All(pair => Array.TrueForAll(pair.Parameter.Gradient, float.IsFinite));

    /// <summary>
    /// Compares the derivative from the gradients with differences along a direction in which the terms of the derivative do not cancel. The rounding of the
    /// loss affects small steps, and its curvature affects large ones, so that the best of several steps counts.
    /// </summary>
    /// <returns>The derivative from the gradients, the relative error, and the step.</returns>
    public (double Derivative, double Error, double Step) Compare()
    {
        _session.Run();
        float[][] gradients = [.. _parameters.Select(pair => (float[])pair.Parameter.Gradient.Clone())];
        var (direction, derivative, _) = Enumerable.Range(1, 100).Select(Direction).First(found => Math.Abs(found.Derivative) >= found.Spread);
        (double Error, double Step) best = (double.PositiveInfinity, 0);
        double[] steps = [1e-3, 3e-3, 3e-4, 0.01, 1e-4, 3e-5, 0.03, 1e-5];
        foreach (var step in steps)
        {
            if (Error(gradients, direction, step) is var error && error < best.Error)
                best = (error, step);
            if (best.Error <= Enough)
                break;
        }

        return (derivative, best.Error, best.Step);
    }

    public void Dispose() => _session.Dispose();

    private (float[][] Values, double Derivative, double Spread) Direction(int seed)
    {
        var random = new SplitMix64((ulong)seed);
        var values = _parameters.Select(_ => Array.Empty<float>()).ToArray();
        var (sum, squares) = (0.0, 0.0);
        for (var i = 0; i < _parameters.Length; i++)
        {
            var (parameter, start) = _parameters[i];
            var size = Math.Sqrt(start.Sum(value => (double)value * value) / Math.Max(1, start.Length));
            values[i] = [.. start.Select(_ => (float)(random.NextNormal() * (size > 0 ? size : 0.1)))];
            for (var j = 0; j < start.Length; j++)
            {
                var term = (double)parameter.Gradient[j] * values[i][j];
                sum += term;
                squares += term * term;
            }
        }

        return (values, sum, Math.Sqrt(squares));
    }

    // The parameters are rounded, so that the expected difference of the loss follows from their differences and not from the step.
    private double Error(float[][] gradients, float[][] direction, double step)
    {
        var (after, ahead) = Loss(direction, step);
        var (before, behind) = Loss(direction, -step);
        var expected = 0.0;
        for (var i = 0; i < gradients.Length; i++)
        for (var j = 0; j < gradients[i].Length; j++)
            expected += (double)gradients[i][j] * ((double)ahead[i][j] - behind[i][j]);
        return Math.Abs(after - before - expected) / Math.Abs(expected);
    }

    private (double Loss, float[][] Values) Loss(float[][] direction, double step)
    {
        for (var i = 0; i < _parameters.Length; i++)
        for (var j = 0; j < _parameters[i].Start.Length; j++)
            _parameters[i].Parameter.Values[j] = (float)(_parameters[i].Start[j] + (step * direction[i][j]));
        return (_session.Run()[0], [.. _parameters.Select(pair => (float[])pair.Parameter.Values.Clone())]);
    }

    private static void Fill(Span<float> memory, double[]? values, SplitMix64 random)
    {
        for (var i = 0; i < memory.Length; i++)
            memory[i] = values is null ? (float)random.NextNormal() : (float)values[i];
    }
}
