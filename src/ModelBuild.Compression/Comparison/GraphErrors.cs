using Microsoft.ML.OnnxRuntime;
using ModelBuild.Compression.Execution;
using ModelBuild.Compression.Operators;
using ModelBuild.Compression.Verification;
using ModelBuild.Onnx;

namespace ModelBuild.Compression.Comparison;

/// <summary>Measures the error at each float value that two model files compute by the same name.</summary>
internal static class GraphErrors
{
    /// <summary>
    /// Returns the errors in the order of the first model's nodes; empty if the models share no value, or if one model does not run with inner values as
    /// outputs.
    /// </summary>
    /// <param name="first">The first model.</param>
    /// <param name="second">The other model.</param>
    /// <param name="samples">The calls.</param>
    /// <param name="cancellationToken">Cancels a running call, too.</param>
    public static IReadOnlyList<ValueError> Measure(OnnxModel first, OnnxModel second, IReadOnlyList<Sample> samples, CancellationToken cancellationToken)
    {
        try
        {
            using var shared = SharedValues.Open(first, second, samples[0].Shapes(), isWanted: null, cancellationToken);
            return shared is null ? [] : Measure(shared, first, samples);
        }
        catch (OnnxRuntimeException)
        {
            // No errors of inner values are measured if a model does not run with inner values as outputs. In this case only the outputs of the models are
            // compared.
            return [];
        }
    }

    /// <summary>Returns the errors at the values of two open models, in the order of the first model's nodes.</summary>
    /// <param name="shared">The open models.</param>
    /// <param name="first">The first model.</param>
    /// <param name="samples">The calls.</param>
    /// <exception cref="OnnxRuntimeException">A model does not run on a call.</exception>
    public static IReadOnlyList<ValueError> Measure(SharedValues shared, OnnxModel first, IReadOnlyList<Sample> samples)
    {
        var sums = shared.Names.ToDictionary(value => value, _ => new ChannelSums(), StringComparer.Ordinal);
        foreach (var sample in samples)
        foreach (var (name, before, after) in shared.Read(sample, shared.Names))
            sums[name].Add(before, after);
        var measured = new Dictionary<string, (double SqnrDb, bool IsRescaled)>(StringComparer.Ordinal);
        foreach (var (value, sum) in sums)
            if (sum.Result() is { } result)
                measured[value] = result;
        return Describe(new Graph(first), measured);
    }

    private static List<ValueError> Describe(Graph graph, Dictionary<string, (double SqnrDb, bool IsRescaled)> measured)
    {
        return
        [
            .. graph
                .Nodes.SelectMany(node => node.Output.Where(measured.ContainsKey).Select(value => (Node: node, Value: value)))
                .Select(step => new ValueError(
                    step.Value,
                    NodeLabel.Of(step.Node),
                    measured[step.Value].SqnrDb,
                    Before(step.Node),
                    measured[step.Value].IsRescaled
                )),
        ];

        double Before(NodeProto node)
        {
            var (worst, seen, open) = (OutputFidelity.IdenticalDb, new HashSet<string>(StringComparer.Ordinal), new Stack<string>(node.Input));
            while (open.TryPop(out var value))
                if (measured.TryGetValue(value, out var result))
                    worst = Math.Min(worst, result.SqnrDb);
                else if (seen.Add(value) && graph.Producer(value) is { } producer && graph.Contains(producer))
                    foreach (var input in producer.Input)
                        open.Push(input);
            return worst;
        }
    }
}
