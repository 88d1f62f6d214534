using ModelBuild.Compression.Training.Buffers;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Training.Graphs;

/// <summary>
/// The divisors of the terms of a loss where several workers share a batch. Each worker computes those of its rows before the training graph runs, and the
/// graph reads those of the whole batch.
/// </summary>
/// <param name="Model">Computes the divisors of the rows of this worker.</param>
/// <param name="Inputs">The divisors of the whole batch, which are inputs of the training graph, by the name of the output of <paramref name="Model"/>.</param>
internal sealed record SharedDivisors(OnnxModel Model, IReadOnlyDictionary<string, Parameter> Inputs)
{
    /// <summary>Creates the divisors of loss terms; null if no term has a divisor.</summary>
    /// <param name="graph">The graph of the loss.</param>
    /// <param name="terms">The terms.</param>
    public static SharedDivisors? Create(LossGraph graph, IEnumerable<LossTerm> terms)
    {
        string[] divisors = [.. terms.Select(term => term.Divisor).OfType<string>().Distinct(StringComparer.Ordinal)];
        return divisors.Length == 0
            ? null
            : new SharedDivisors(
                graph.Extract(divisors),
                divisors.ToDictionary(divisor => divisor, divisor => new Parameter($"shared {divisor}", [], [1]), StringComparer.Ordinal)
            );
    }
}
